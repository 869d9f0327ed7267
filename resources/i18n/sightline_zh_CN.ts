<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="zh_CN" sourcelanguage="en">
<context>
    <name>AboutPage</name>
    <message>
        <source>With Python {python} and Qt {qt}, on {system}. Free software under the GNU AGPL, version 3 or later.</source>
        <translation>使用 Python {python} 和 Qt {qt}，运行于 {system}。自由软件，采用 GNU AGPL 第 3 版或更高版本许可。</translation>
    </message>
    <message>
        <source>Logs</source>
        <translation>日志</translation>
    </message>
    <message>
        <source>Conversations and attachments</source>
        <translation>对话和附件</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>设置</translation>
    </message>
    <message>
        <source>What can be made again</source>
        <translation>可重新生成的数据</translation>
    </message>
    <message>
        <source>Open folder</source>
        <translation>打开文件夹</translation>
    </message>
    <message>
        <source>Open the folder of: {name}</source>
        <translation>打开文件夹：{name}</translation>
    </message>
</context>
<context>
    <name>ActionChips</name>
    <message>
        <source>Read the text, on this computer and without a model</source>
        <translation>在本机识别文字，不需要模型</translation>
    </message>
    <message>
        <source>Edit…</source>
        <translation>编辑…</translation>
    </message>
</context>
<context>
    <name>ActionForm</name>
    <message>
        <source>Name of the button</source>
        <translation>按钮名称</translation>
    </message>
    <message>
        <source>What the model is asked</source>
        <translation>向模型提出的问题</translation>
    </message>
    <message>
        <source>Write {blank} where the words that you type are to go.</source>
        <translation>用“{blank}”标出你输入的文字要放在何处。</translation>
    </message>
    <message>
        <source>The text is recognised on this computer, without a model.</source>
        <translation>文字在本机识别，不需要模型。</translation>
    </message>
    <message>
        <source>Save</source>
        <translation>保存</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>As it was</source>
        <translation>还原</translation>
    </message>
    <message>
        <source>Take the built-in name and prompt again</source>
        <translation>恢复内置的名称和提示词</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>移除</translation>
    </message>
    <message>
        <source>Remove {name}</source>
        <translation>移除 {name}</translation>
    </message>
</context>
<context>
    <name>Announcer</name>
    <message>
        <source>Answer stopped.</source>
        <translation>回答已停止。</translation>
    </message>
    <message>
        <source>Answer finished.</source>
        <translation>回答已完成。</translation>
    </message>
</context>
<context>
    <name>Answer</name>
    <message>
        <source>The length limit was reached before the answer began.</source>
        <translation>回答开始前就达到了长度上限。</translation>
    </message>
    <message>
        <source>The model thought about it and then ended without an answer.</source>
        <translation>模型思考之后没有给出回答就结束了。</translation>
    </message>
    <message>
        <source>The model ended without an answer.</source>
        <translation>模型没有给出回答就结束了。</translation>
    </message>
</context>
<context>
    <name>AnswerCard</name>
    <message>
        <source>No text was found here.</source>
        <translation>这里没有找到文字。</translation>
    </message>
    <message>
        <source>Recognised text</source>
        <translation>识别的文字</translation>
    </message>
    <message>
        <source>{count} more characters are not shown here. Copy takes all of them.</source>
        <translation>还有 {count} 个字符未在此显示。复制会包含全部内容。</translation>
    </message>
    <message>
        <source>Answer</source>
        <translation>回答</translation>
    </message>
    <message>
        <source>Ask on…</source>
        <translation>追问…</translation>
    </message>
    <message>
        <source>Question</source>
        <translation>问题</translation>
    </message>
</context>
<context>
    <name>AnswerFooter</name>
    <message>
        <source>More</source>
        <translation>更多</translation>
    </message>
    <message>
        <source>More to do with this answer</source>
        <translation>对此回答的更多操作</translation>
    </message>
    <message>
        <source>Stopped</source>
        <translation>已停止</translation>
    </message>
    <message>
        <source>Cut off at the length limit</source>
        <translation>已达长度上限，回答被截断</translation>
    </message>
</context>
<context>
    <name>AnswerView</name>
    <message>
        <source>Answer</source>
        <translation>回答</translation>
    </message>
    <message>
        <source>Answer, {model}</source>
        <translation>回答，{model}</translation>
    </message>
</context>
<context>
    <name>AskBar</name>
    <message>
        <source>Ask about the screen</source>
        <translation>询问屏幕内容</translation>
    </message>
    <message>
        <source>Question</source>
        <translation>问题</translation>
    </message>
    <message>
        <source>Ask</source>
        <translation>提问</translation>
    </message>
    <message>
        <source>Enter</source>
        <translation>Enter</translation>
    </message>
    <message>
        <source>Add another shot to the question</source>
        <translation>为问题再添加一张截图</translation>
    </message>
    <message>
        <source>Ask about {subject}</source>
        <translation>询问 {subject}</translation>
    </message>
    <message>
        <source>Ask about this…</source>
        <translation>询问此处内容…</translation>
    </message>
    <message>
        <source>{name} Write what, then press Enter</source>
        <translation>{name} 输入内容，再按 Enter</translation>
    </message>
    <message>
        <source>Only text can be pasted here</source>
        <translation>这里只能粘贴文字</translation>
    </message>
    <message>
        <source>This text is too long for a question</source>
        <translation>文字过长，不能作为问题</translation>
    </message>
</context>
<context>
    <name>Attachment</name>
    <message>
        <source>Part of {place}</source>
        <translation>{place}（局部）</translation>
    </message>
    <message>
        <source>{part} of {count}</source>
        <translation>{part}，共 {count}</translation>
    </message>
    <message>
        <source>Part of the picture</source>
        <translation>图片的一部分</translation>
    </message>
    <message>
        <source>1 frame</source>
        <translation>1 帧</translation>
    </message>
    <message>
        <source>{count} frames</source>
        <translation>{count} 帧</translation>
    </message>
    <message>
        <source>1 slide</source>
        <translation>1 张幻灯片</translation>
    </message>
    <message>
        <source>{count} slides</source>
        <translation>{count} 张幻灯片</translation>
    </message>
    <message>
        <source>1 page</source>
        <translation>1 页</translation>
    </message>
    <message>
        <source>{count} pages</source>
        <translation>{count} 页</translation>
    </message>
</context>
<context>
    <name>Box</name>
    <message>
        <source>upper left</source>
        <translation>左上</translation>
    </message>
    <message>
        <source>top</source>
        <translation>上方</translation>
    </message>
    <message>
        <source>upper right</source>
        <translation>右上</translation>
    </message>
    <message>
        <source>left</source>
        <translation>左侧</translation>
    </message>
    <message>
        <source>middle</source>
        <translation>中间</translation>
    </message>
    <message>
        <source>right</source>
        <translation>右侧</translation>
    </message>
    <message>
        <source>lower left</source>
        <translation>左下</translation>
    </message>
    <message>
        <source>bottom</source>
        <translation>下方</translation>
    </message>
    <message>
        <source>lower right</source>
        <translation>右下</translation>
    </message>
    <message>
        <source>all of the picture</source>
        <translation>整张图片</translation>
    </message>
    <message>
        <source>{place}, {percent} % of the picture</source>
        <translation>{place}，占图片的 {percent}%</translation>
    </message>
    <message>
        <source>marked place</source>
        <translation>标注处</translation>
    </message>
    <message>
        <source>{number} {label}, {place}</source>
        <translation>{number} {label}，{place}</translation>
    </message>
    <message>
        <source>Marked: {boxes}.</source>
        <translation>标注：{boxes}。</translation>
    </message>
    <message>
        <source>; </source>
        <translation>；</translation>
    </message>
</context>
<context>
    <name>BoxList</name>
    <message>
        <source>Marked places</source>
        <translation>标注</translation>
    </message>
    <message>
        <source>{box}, in {picture}</source>
        <translation>{box}，位于 {picture}</translation>
    </message>
    <message>
        <source>1 marked place</source>
        <translation>1 处标注</translation>
    </message>
    <message>
        <source>{count} marked places</source>
        <translation>{count} 处标注</translation>
    </message>
</context>
<context>
    <name>Browsing</name>
    <message>
        <source>The conversation was deleted.</source>
        <translation>对话已删除。</translation>
    </message>
    <message>
        <source>The question and its answer were deleted.</source>
        <translation>问题及其回答已删除。</translation>
    </message>
    <message>
        <source>Only the title of this conversation could be saved: the rest stood in a damaged part of the history.</source>
        <translation>只能恢复这个对话的标题：其余内容位于历史记录损坏的部分。</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>撤销</translation>
    </message>
</context>
<context>
    <name>Capture</name>
    <message>
        <source>The desktop gave a picture of {0} x {1} pixels, which does not fit its screens. If a screen was just connected or turned, try again; else choose another way of capturing in the settings.</source>
        <translation>桌面给出的图片为 {0} x {1} 像素，与屏幕不符。如果刚刚连接或旋转过屏幕，请重试；否则请在设置中选择其他截图方式。</translation>
    </message>
    <message>
        <source>No screen is connected.</source>
        <translation>没有连接屏幕。</translation>
    </message>
    <message>
        <source>The capture was stopped.</source>
        <translation>截图已停止。</translation>
    </message>
    <message>
        <source>The program {0} cannot be started: {1}</source>
        <translation>无法启动程序 {0}：{1}</translation>
    </message>
    <message>
        <source>The program {0} did not give a picture of the screen: {1}</source>
        <translation>程序 {0} 未能截取屏幕：{1}</translation>
    </message>
    <message>
        <source>The program {0} ended without a picture of the screen.</source>
        <translation>程序 {0} 已结束，但没有给出屏幕截图。</translation>
    </message>
    <message>
        <source>The program {0} gave no picture of the screen within {1} s.</source>
        <translation>程序 {0} 在 {1} 秒内没有给出屏幕截图。</translation>
    </message>
    <message>
        <source>Install the program gnome-screenshot.</source>
        <translation>请安装程序 gnome-screenshot。</translation>
    </message>
    <message>
        <source>Install the program grim.</source>
        <translation>请安装程序 grim。</translation>
    </message>
    <message>
        <source>The program grim gave a damaged picture.</source>
        <translation>程序 grim 给出的图片已损坏。</translation>
    </message>
    <message>
        <source>The system did not give a picture of the screen: {0}</source>
        <translation>系统未能截取屏幕：{0}</translation>
    </message>
    <message>
        <source>Install xdg-desktop-portal and the part of it for your desktop, such as {0}.</source>
        <translation>请安装 xdg-desktop-portal 以及适用于你的桌面的组件，例如 {0}。</translation>
    </message>
    <message>
        <source>The desktop gave no picture of the screen in time. If it asks for a permission, answer its question, then try again.</source>
        <translation>桌面未能及时给出屏幕截图。如果它在请求权限，请先答复，然后重试。</translation>
    </message>
    <message>
        <source>The portal of this desktop gives no pictures of the screen.</source>
        <translation>此桌面的门户 (portal) 不提供屏幕截图。</translation>
    </message>
    <message>
        <source>The portal of this desktop failed to give a picture of the screen: {0}</source>
        <translation>此桌面的门户 (portal) 未能截取屏幕：{0}</translation>
    </message>
    <message>
        <source>The picture that the desktop made cannot be read.</source>
        <translation>无法读取桌面生成的截图。</translation>
    </message>
    <message>
        <source>The picture that the desktop made is damaged.</source>
        <translation>桌面生成的截图已损坏。</translation>
    </message>
    <message>
        <source>Install the program Spectacle.</source>
        <translation>请安装程序 Spectacle。</translation>
    </message>
    <message>
        <source>macOS will ask whether Sightline may record the screen. Sightline needs this to see what you ask about; it looks only when you tell it to. Allow it in System Settings, Privacy &amp; Security, Screen Recording, then start Sightline again.</source>
        <translation>macOS 会询问是否允许 Sightline 录制屏幕。Sightline 需要此权限才能看到你询问的内容，并且只在你要求时才看。请在“系统设置”的“隐私与安全性”中打开“屏幕录制”权限，然后重新启动 Sightline。</translation>
    </message>
    <message>
        <source>GNOME will ask once whether Sightline may take pictures of the screen. It asks only while a window of Sightline is in front, and remembers the answer. Sightline looks only when you tell it to.</source>
        <translation>GNOME 会询问一次是否允许 Sightline 截取屏幕。只有 Sightline 的窗口在最前面时才会询问，并会记住你的选择。Sightline 只在你要求时才看。</translation>
    </message>
    <message>
        <source>Your desktop may ask whether Sightline may take pictures of the screen. Sightline looks only when you tell it to.</source>
        <translation>桌面可能会询问是否允许 Sightline 截取屏幕。Sightline 只在你要求时才看。</translation>
    </message>
    <message>
        <source>macOS does not let Sightline see the screen. Allow it in System Settings, Privacy &amp; Security, Screen Recording, then start Sightline again.</source>
        <translation>macOS 不允许 Sightline 查看屏幕。请在“系统设置”的“隐私与安全性”中打开“屏幕录制”权限，然后重新启动 Sightline。</translation>
    </message>
    <message>
        <source>GNOME does not let Sightline take pictures of the screen. If it did not ask, bring Sightline&apos;s window to the front and try again; it asks only then. If you said no before, run this in a terminal, and every program will be asked about again: {0}</source>
        <translation>GNOME 不允许 Sightline 截取屏幕。如果它没有询问，请把 Sightline 的窗口放到最前面再试，只有这时它才会询问。如果你以前拒绝过，请在终端中运行以下命令，之后会对每个程序重新询问：{0}</translation>
    </message>
    <message>
        <source>The desktop does not let Sightline take pictures of the screen. If you said no before, run this in a terminal, and every program will be asked about again: {0}</source>
        <translation>桌面不允许 Sightline 截取屏幕。如果你以前拒绝过，请在终端中运行以下命令，之后会对每个程序重新询问：{0}</translation>
    </message>
    <message>
        <source>There is no screen to take a picture of: no desktop is running here.</source>
        <translation>没有可以截取的屏幕：这里没有运行桌面。</translation>
    </message>
    <message>
        <source>Nothing here can take a picture of the screen. One of these helps: {0}</source>
        <translation>这里没有能截取屏幕的程序。以下任一办法可以解决：{0}</translation>
    </message>
    <message>
        <source>There is no way of capturing named “{0}”. There are: {1}.</source>
        <translation>没有名为“{0}”的截图方式。可用的有：{1}。</translation>
    </message>
    <message>
        <source>“{0}” cannot take pictures of this kind of desktop. Leave the choice to Sightline.</source>
        <translation>“{0}”不能截取这种桌面。请让 Sightline 自动选择。</translation>
    </message>
    <message>
        <source>“{0}” is not installed. {1}</source>
        <translation>“{0}”未安装。{1}</translation>
    </message>
</context>
<context>
    <name>CardFooter</name>
    <message>
        <source>Copied</source>
        <translation>已复制</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>复制</translation>
    </message>
    <message>
        <source>Copy the text</source>
        <translation>复制文字</translation>
    </message>
    <message>
        <source>Pin</source>
        <translation>置顶</translation>
    </message>
    <message>
        <source>Keep it on top, in a window of its own</source>
        <translation>放在单独的窗口中并保持在最前</translation>
    </message>
    <message>
        <source>Ask on</source>
        <translation>追问</translation>
    </message>
    <message>
        <source>Ask another question about it</source>
        <translation>就此再提一个问题</translation>
    </message>
    <message>
        <source>Open in window</source>
        <translation>在窗口中打开</translation>
    </message>
    <message>
        <source>Go on with this conversation in the window</source>
        <translation>在窗口中继续这个对话</translation>
    </message>
    <message>
        <source>More</source>
        <translation>更多</translation>
    </message>
    <message>
        <source>More to do with this answer</source>
        <translation>对此回答的更多操作</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>停止</translation>
    </message>
    <message>
        <source>Stop the answer</source>
        <translation>停止回答</translation>
    </message>
    <message>
        <source>{seconds} s</source>
        <translation>{seconds} 秒</translation>
    </message>
    <message>
        <source>Copy the picture</source>
        <translation>复制图片</translation>
    </message>
    <message>
        <source>Copy as plain text</source>
        <translation>复制为纯文本</translation>
    </message>
</context>
<context>
    <name>CertificateFile</name>
    <message>
        <source>None</source>
        <translation>不使用</translation>
    </message>
    <message>
        <source>Trust only the system&apos;s certificates</source>
        <translation>只信任系统证书</translation>
    </message>
    <message>
        <source>Choose certificates</source>
        <translation>选择证书</translation>
    </message>
    <message>
        <source>Certificates (*.pem *.crt *.cer)</source>
        <translation>证书 (*.pem *.crt *.cer)</translation>
    </message>
    <message>
        <source>All files (*)</source>
        <translation>所有文件 (*)</translation>
    </message>
</context>
<context>
    <name>CloudModel</name>
    <message>
        <source>reads {tokens} tokens</source>
        <translation>可读 {tokens} 个 token</translation>
    </message>
    <message>
        <source>text only: pictures go as the text in them</source>
        <translation>仅文字：图片以其中的文字发送</translation>
    </message>
    <message>
        <source>sees up to {count} pictures</source>
        <translation>最多可看 {count} 张图片</translation>
    </message>
    <message>
        <source>sees pictures</source>
        <translation>可看图片</translation>
    </message>
    <message>
        <source>thinks when told to</source>
        <translation>可开关思考</translation>
    </message>
    <message>
        <source>thinks more or less</source>
        <translation>思考强弱可调</translation>
    </message>
    <message>
        <source>always thinks</source>
        <translation>始终思考</translation>
    </message>
    <message>
        <source>does not think</source>
        <translation>不思考</translation>
    </message>
    <message>
        <source>free of charge</source>
        <translation>免费</translation>
    </message>
    <message>
        <source>{input} in, {output} out for a million tokens</source>
        <translation>每百万 token 输入 {input}，输出 {output}</translation>
    </message>
</context>
<context>
    <name>CloudModelRow</name>
    <message>
        <source>Model</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>Which one is asked; you can choose another for each question.</source>
        <translation>默认向它提问；每个问题都可另选模型。</translation>
    </message>
    <message>
        <source>Nothing is known about this model.</source>
        <translation>没有这个模型的资料。</translation>
    </message>
</context>
<context>
    <name>CloudPage</name>
    <message>
        <source>GLM, the cloud of Z.ai and Zhipu</source>
        <translation>GLM，智谱与 Z.ai 的云服务</translation>
    </message>
    <message>
        <source>Other servers</source>
        <translation>其他服务器</translation>
    </message>
    <message>
        <source>Network</source>
        <translation>网络</translation>
    </message>
    <message>
        <source>Spending</source>
        <translation>花费</translation>
    </message>
    <message>
        <source>Coding Plans are meant for coding tools, say their terms. The provider may refuse or restrict other use.</source>
        <translation>按其条款，编码套餐只供编程工具使用。服务商可能拒绝或限制其他用途。</translation>
    </message>
</context>
<context>
    <name>CodeView</name>
    <message>
        <source>Code</source>
        <translation>代码</translation>
    </message>
    <message>
        <source>Code, {language}</source>
        <translation>代码，{language}</translation>
    </message>
    <message>
        <source>Copied</source>
        <translation>已复制</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>复制</translation>
    </message>
    <message>
        <source>Copy the code</source>
        <translation>复制代码</translation>
    </message>
</context>
<context>
    <name>Collecting</name>
    <message>
        <source>Pasted picture</source>
        <translation>粘贴的图片</translation>
    </message>
    <message>
        <source>Pasted text</source>
        <translation>粘贴的文字</translation>
    </message>
</context>
<context>
    <name>Command</name>
    <message>
        <source>{menu}: {command}</source>
        <translation>{menu}：{command}</translation>
    </message>
    <message>
        <source>New conversation</source>
        <translation>新对话</translation>
    </message>
    <message>
        <source>New private conversation</source>
        <translation>新无痕对话</translation>
    </message>
    <message>
        <source>Find in the conversation</source>
        <translation>在对话中查找</translation>
    </message>
    <message>
        <source>Search all conversations</source>
        <translation>搜索所有对话</translation>
    </message>
    <message>
        <source>Rename</source>
        <translation>重命名</translation>
    </message>
    <message>
        <source>Pin</source>
        <translation>置顶</translation>
    </message>
    <message>
        <source>Delete</source>
        <translation>删除</translation>
    </message>
    <message>
        <source>Export…</source>
        <translation>导出…</translation>
    </message>
    <message>
        <source>Markdown with pictures…</source>
        <translation>Markdown 和图片…</translation>
    </message>
    <message>
        <source>Web page (HTML)…</source>
        <translation>网页 (HTML)…</translation>
    </message>
    <message>
        <source>PDF…</source>
        <translation>PDF…</translation>
    </message>
    <message>
        <source>Word (DOCX)…</source>
        <translation>Word (DOCX)…</translation>
    </message>
    <message>
        <source>To be imported again…</source>
        <translation>可重新导入的文件…</translation>
    </message>
    <message>
        <source>Training data (ShareGPT)…</source>
        <translation>训练数据 (ShareGPT)…</translation>
    </message>
    <message>
        <source>Import conversations…</source>
        <translation>导入对话…</translation>
    </message>
    <message>
        <source>Next conversation</source>
        <translation>下一个对话</translation>
    </message>
    <message>
        <source>Previous conversation</source>
        <translation>上一个对话</translation>
    </message>
    <message>
        <source>Undo the deletion</source>
        <translation>撤销删除</translation>
    </message>
    <message>
        <source>Attach files…</source>
        <translation>附加文件…</translation>
    </message>
    <message>
        <source>Attach what was copied</source>
        <translation>附加已复制的内容</translation>
    </message>
    <message>
        <source>Ask about the screen</source>
        <translation>询问屏幕内容</translation>
    </message>
    <message>
        <source>Ask about what is selected</source>
        <translation>询问所选内容</translation>
    </message>
    <message>
        <source>Attach a picture of the screen</source>
        <translation>附加屏幕截图</translation>
    </message>
    <message>
        <source>Record the screen</source>
        <translation>录制屏幕</translation>
    </message>
    <message>
        <source>Write a question</source>
        <translation>输入问题</translation>
    </message>
    <message>
        <source>Stop the answer</source>
        <translation>停止回答</translation>
    </message>
    <message>
        <source>Copy the last answer</source>
        <translation>复制上一个回答</translation>
    </message>
    <message>
        <source>Redo the last answer</source>
        <translation>重新回答上一个问题</translation>
    </message>
    <message>
        <source>Edit the last question</source>
        <translation>编辑上一个问题</translation>
    </message>
    <message>
        <source>List of conversations</source>
        <translation>对话列表</translation>
    </message>
    <message>
        <source>Viewer</source>
        <translation>查看器</translation>
    </message>
    <message>
        <source>Larger text</source>
        <translation>放大文字</translation>
    </message>
    <message>
        <source>Smaller text</source>
        <translation>缩小文字</translation>
    </message>
    <message>
        <source>Normal text size</source>
        <translation>恢复文字大小</translation>
    </message>
    <message>
        <source>As on the desktop</source>
        <translation>跟随系统</translation>
    </message>
    <message>
        <source>Light</source>
        <translation>浅色</translation>
    </message>
    <message>
        <source>Dark</source>
        <translation>深色</translation>
    </message>
    <message>
        <source>Choose a model…</source>
        <translation>选择模型…</translation>
    </message>
    <message>
        <source>All commands</source>
        <translation>所有命令</translation>
    </message>
    <message>
        <source>Settings…</source>
        <translation>设置…</translation>
    </message>
    <message>
        <source>Keyboard shortcuts</source>
        <translation>键盘快捷键</translation>
    </message>
    <message>
        <source>New window</source>
        <translation>新窗口</translation>
    </message>
    <message>
        <source>Close the window</source>
        <translation>关闭窗口</translation>
    </message>
    <message>
        <source>Quit Sightline</source>
        <translation>退出 Sightline</translation>
    </message>
</context>
<context>
    <name>CommandsRow</name>
    <message>
        <source>Commands for the desktop&apos;s own shortcuts</source>
        <translation>用于桌面快捷键的命令</translation>
    </message>
    <message>
        <source>Where no program can listen for keys, bind one of these to a key in the settings of your desktop.</source>
        <translation>如果程序无法监听按键，请在桌面的设置中把这些命令绑定到快捷键。</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>复制</translation>
    </message>
    <message>
        <source>Copy the command for: {name}</source>
        <translation>复制命令：{name}</translation>
    </message>
</context>
<context>
    <name>Composer</name>
    <message>
        <source>Ask about what is attached…</source>
        <translation>就附带的内容提问…</translation>
    </message>
    <message>
        <source>Question</source>
        <translation>问题</translation>
    </message>
    <message>
        <source>Attached files</source>
        <translation>附加的文件</translation>
    </message>
    <message>
        <source>Attach files</source>
        <translation>附加文件</translation>
    </message>
    <message>
        <source>Attach a picture of the screen</source>
        <translation>附加屏幕截图</translation>
    </message>
    <message>
        <source>Attach a recording of the screen</source>
        <translation>附加屏幕录像</translation>
    </message>
    <message>
        <source>No model yet</source>
        <translation>尚无模型</translation>
    </message>
    <message>
        <source>Model: {name}. Choose another</source>
        <translation>模型：{name}。选择其他模型</translation>
    </message>
    <message>
        <source>Think</source>
        <translation>思考</translation>
    </message>
    <message>
        <source>Let the model reason before it answers</source>
        <translation>让模型先推理再回答</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>停止</translation>
    </message>
    <message>
        <source>Stop the answer (Esc)</source>
        <translation>停止回答 (Esc)</translation>
    </message>
    <message>
        <source>Send</source>
        <translation>发送</translation>
    </message>
    <message>
        <source>Send the question (Enter)</source>
        <translation>发送问题 (Enter)</translation>
    </message>
</context>
<context>
    <name>Consent</name>
    <message>
        <source>Your question and what you chose of the screen will be sent to {host}.</source>
        <translation>你的问题和所选的屏幕内容将发送到 {host}。</translation>
    </message>
    <message>
        <source>Send</source>
        <translation>发送</translation>
    </message>
    <message>
        <source>Don&apos;t send</source>
        <translation>不发送</translation>
    </message>
</context>
<context>
    <name>Controller</name>
    <message>
        <source>The settings could not be read and start anew. The old file is kept as {name}.</source>
        <translation>无法读取设置，已恢复为默认值。旧文件保留为 {name}。</translation>
    </message>
</context>
<context>
    <name>Cost</name>
    <message>
        <source>{tokens} tokens</source>
        <translation>{tokens} 个 token</translation>
    </message>
    <message>
        <source>{tokens} tokens, about {time}</source>
        <translation>{tokens} 个 token，约 {time}</translation>
    </message>
    <message>
        <source>{tokens} tokens, {time}</source>
        <translation>{tokens} 个 token，{time}</translation>
    </message>
    <message>
        <source>{minutes} min</source>
        <translation>{minutes} 分钟</translation>
    </message>
    <message>
        <source>{seconds} s</source>
        <translation>{seconds} 秒</translation>
    </message>
    <message>
        <source>under {amount}</source>
        <translation>不到 {amount}</translation>
    </message>
</context>
<context>
    <name>Countdown</name>
    <message>
        <source>The picture is taken in {seconds} s</source>
        <translation>{seconds} 秒后截图</translation>
    </message>
</context>
<context>
    <name>CutLine</name>
    <message>
        <source>This answer was cut off. What had been shown is kept.</source>
        <translation>此回答中途断开，已显示的内容已保留。</translation>
    </message>
    <message>
        <source>Ask again</source>
        <translation>再问一次</translation>
    </message>
</context>
<context>
    <name>Destination</name>
    <message>
        <source>No model yet: choose one…</source>
        <translation>尚无模型：请选择…</translation>
    </message>
    <message>
        <source>A model is needed to answer. Choose one</source>
        <translation>需要模型才能回答。请选择一个</translation>
    </message>
    <message>
        <source>On this computer</source>
        <translation>在本机运行</translation>
    </message>
    <message>
        <source>Your question and its pictures stay on this computer</source>
        <translation>你的问题和图片只留在本机</translation>
    </message>
    <message>
        <source>Your question and its pictures go to {host}</source>
        <translation>你的问题和图片会发送到 {host}</translation>
    </message>
</context>
<context>
    <name>EndButton</name>
    <message>
        <source>To the end, where something new is</source>
        <translation>到末尾，有新内容</translation>
    </message>
    <message>
        <source>To the end</source>
        <translation>到末尾</translation>
    </message>
</context>
<context>
    <name>Export</name>
    <message>
        <source>Markdown</source>
        <translation>Markdown</translation>
    </message>
    <message>
        <source>A text file with a folder of pictures beside it.</source>
        <translation>文本文件，图片放在旁边的文件夹中。</translation>
    </message>
    <message>
        <source>Web page</source>
        <translation>网页</translation>
    </message>
    <message>
        <source>One file that any browser shows, pictures included.</source>
        <translation>单个文件，含图片，任何浏览器都能打开。</translation>
    </message>
    <message>
        <source>PDF</source>
        <translation>PDF</translation>
    </message>
    <message>
        <source>Pages to print or to pass on; their text can be searched.</source>
        <translation>适合打印或转发，其中的文字可以搜索。</translation>
    </message>
    <message>
        <source>Word document</source>
        <translation>Word 文档</translation>
    </message>
    <message>
        <source>To be worked on in Word or LibreOffice.</source>
        <translation>可在 Word 或 LibreOffice 中编辑。</translation>
    </message>
    <message>
        <source>Sightline archive</source>
        <translation>Sightline 存档</translation>
    </message>
    <message>
        <source>Everything, attached files included, to be imported again.</source>
        <translation>包含附件在内的全部内容，可重新导入。</translation>
    </message>
    <message>
        <source>Training data</source>
        <translation>训练数据</translation>
    </message>
    <message>
        <source>ShareGPT JSON with a folder of pictures, for fine-tuning a model.</source>
        <translation>ShareGPT JSON 和图片文件夹，用于微调模型。</translation>
    </message>
    <message>
        <source>You</source>
        <translation>你</translation>
    </message>
    <message>
        <source>Answer</source>
        <translation>回答</translation>
    </message>
    <message>
        <source>Attached</source>
        <translation>附件</translation>
    </message>
    <message>
        <source>Reasoning</source>
        <translation>推理过程</translation>
    </message>
    <message>
        <source>Places in the pictures</source>
        <translation>图片中的位置</translation>
    </message>
    <message>
        <source>Tool call</source>
        <translation>工具调用</translation>
    </message>
    <message>
        <source>Conversation</source>
        <translation>对话</translation>
    </message>
    <message>
        <source>The picture {name} cannot be read any more.</source>
        <translation>图片 {name} 已无法读取。</translation>
    </message>
    <message>
        <source>The answer names a picture that does not exist.</source>
        <translation>回答提到的图片不存在。</translation>
    </message>
    <message>
        <source>The answer was stopped here.</source>
        <translation>回答在此处停止。</translation>
    </message>
    <message>
        <source>The answer ended here because it reached its greatest length.</source>
        <translation>回答已达长度上限，到此为止。</translation>
    </message>
    <message>
        <source>{page} / {total}</source>
        <translation>{page} / {total}</translation>
    </message>
    <message>
        <source>{title}. {advice}</source>
        <translation>{title}。{advice}</translation>
    </message>
</context>
<context>
    <name>ExportDialog</name>
    <message>
        <source>Export</source>
        <translation>导出</translation>
    </message>
    <message>
        <source>Save as a file</source>
        <translation>保存为文件</translation>
    </message>
    <message>
        <source>What to save</source>
        <translation>保存内容</translation>
    </message>
    <message>
        <source>The whole conversation</source>
        <translation>整个对话</translation>
    </message>
    <message>
        <source>This question and its answer</source>
        <translation>这个问题及其回答</translation>
    </message>
    <message>
        <source>With the model&apos;s reasoning</source>
        <translation>包含模型的推理过程</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Save…</source>
        <translation>保存…</translation>
    </message>
    <message>
        <source>Choose where to save it</source>
        <translation>选择保存位置</translation>
    </message>
</context>
<context>
    <name>Exporting</name>
    <message>
        <source>Import conversations</source>
        <translation>导入对话</translation>
    </message>
    <message>
        <source>Conversations of Sightline (*.sightline *.sightline.json)</source>
        <translation>Sightline 对话 (*.sightline *.sightline.json)</translation>
    </message>
    <message>
        <source>All files (*)</source>
        <translation>所有文件 (*)</translation>
    </message>
    <message>
        <source>Saved as {name}.</source>
        <translation>已保存为 {name}。</translation>
    </message>
    <message>
        <source>This could not be done. The log says more.</source>
        <translation>操作未能完成。日志中有更多信息。</translation>
    </message>
</context>
<context>
    <name>Failure</name>
    <message>
        <source>What was written is kept. Ask again: the model starts anew by itself.</source>
        <translation>已写出的内容会保留。请再问一次，模型会自动重新启动。</translation>
    </message>
    <message>
        <source>Download it again, or choose another file.</source>
        <translation>请重新下载，或选择其他文件。</translation>
    </message>
    <message>
        <source>Close other programs, or choose a smaller model.</source>
        <translation>请关闭其他程序，或选择更小的模型。</translation>
    </message>
    <message>
        <source>The model&apos;s file is gone</source>
        <translation>找不到模型文件</translation>
    </message>
    <message>
        <source>It may have been moved. Choose it again, or choose another one.</source>
        <translation>文件可能已被移动。请重新选择，或选择其他模型。</translation>
    </message>
    <message>
        <source>This file is no GGUF model</source>
        <translation>这不是 GGUF 模型文件</translation>
    </message>
    <message>
        <source>Choose a file that ends in .gguf and was made for llama.cpp.</source>
        <translation>请选择为 llama.cpp 制作、以 .gguf 结尾的文件。</translation>
    </message>
    <message>
        <source>The model&apos;s file is incomplete</source>
        <translation>模型文件不完整</translation>
    </message>
    <message>
        <source>The model&apos;s file is damaged</source>
        <translation>模型文件已损坏</translation>
    </message>
    <message>
        <source>This model cannot be run here</source>
        <translation>无法在此运行这个模型</translation>
    </message>
    <message>
        <source>Choose a GLM-4.6V model.</source>
        <translation>请选择 GLM-4.6V 模型。</translation>
    </message>
    <message>
        <source>The model cannot see pictures yet</source>
        <translation>模型还看不到图片</translation>
    </message>
    <message>
        <source>It needs its projector, a file named mmproj…. Choose the model again and add it.</source>
        <translation>它需要投影器，即名为 mmproj… 的文件。请重新选择模型并加上它。</translation>
    </message>
    <message>
        <source>The projector belongs to another model</source>
        <translation>投影器属于另一个模型</translation>
    </message>
    <message>
        <source>Choose the mmproj file that came with this model.</source>
        <translation>请选择随此模型提供的 mmproj 文件。</translation>
    </message>
    <message>
        <source>There is too little memory for this model</source>
        <translation>内存不足以运行此模型</translation>
    </message>
    <message>
        <source>The memory ran out</source>
        <translation>内存已耗尽</translation>
    </message>
    <message>
        <source>This conversation is too long for the model</source>
        <translation>对话过长，超出模型的处理能力</translation>
    </message>
    <message>
        <source>Start a new one, or attach fewer or smaller pictures.</source>
        <translation>请开始新对话，或附加更少、更小的图片。</translation>
    </message>
    <message>
        <source>A picture cannot be read</source>
        <translation>有图片无法读取</translation>
    </message>
    <message>
        <source>It may be damaged. Attach it again, or attach another one.</source>
        <translation>图片可能已损坏。请重新附加，或换一张。</translation>
    </message>
    <message>
        <source>The model&apos;s process crashed</source>
        <translation>模型进程崩溃了</translation>
    </message>
    <message>
        <source>The model&apos;s process stopped responding</source>
        <translation>模型进程没有响应</translation>
    </message>
    <message>
        <source>The part that runs models does not load</source>
        <translation>运行模型的组件无法加载</translation>
    </message>
    <message>
        <source>Install Sightline again. The log says what is missing.</source>
        <translation>请重新安装 Sightline。日志中记录了缺少的内容。</translation>
    </message>
    <message>
        <source>What had arrived until then is kept. Ask again for a whole one.</source>
        <translation>此前收到的内容已保留。请再问一次以获得完整的回答。</translation>
    </message>
    <message>
        <source>A part of this answer is lost</source>
        <translation>这个回答的一部分已丢失</translation>
    </message>
    <message>
        <source>It stood in a damaged place of the history. Ask again for a whole answer.</source>
        <translation>它位于历史记录损坏的部分。请再问一次以获得完整的回答。</translation>
    </message>
    <message>
        <source>The answer could not be finished</source>
        <translation>回答未能完成</translation>
    </message>
    <message>
        <source>Ask again. The log says more.</source>
        <translation>请再问一次。日志中有更多信息。</translation>
    </message>
</context>
<context>
    <name>FailureCard</name>
    <message>
        <source>Ask again</source>
        <translation>再问一次</translation>
    </message>
    <message>
        <source>Choose another model…</source>
        <translation>选择其他模型…</translation>
    </message>
    <message>
        <source>Open the settings</source>
        <translation>打开设置</translation>
    </message>
    <message>
        <source>Ask {name} instead</source>
        <translation>改问 {name}</translation>
    </message>
    <message>
        <source>The server said: {words}</source>
        <translation>服务器的回复：{words}</translation>
    </message>
</context>
<context>
    <name>FigureView</name>
    <message>
        <source>Unknown picture</source>
        <translation>未知图片</translation>
    </message>
    <message>
        <source>Open</source>
        <translation>打开</translation>
    </message>
    <message>
        <source>Open {name} in the viewer</source>
        <translation>在查看器中打开 {name}</translation>
    </message>
    <message>
        <source>This picture is not part of the conversation.</source>
        <translation>此对话中没有这张图片。</translation>
    </message>
    <message>
        <source>This picture cannot be shown. Its file may have been moved or damaged.</source>
        <translation>无法显示这张图片，文件可能已被移动或损坏。</translation>
    </message>
    <message>
        <source>Figure: {name}</source>
        <translation>插图：{name}</translation>
    </message>
</context>
<context>
    <name>Figures</name>
    <message>
        <source>{tokens} tokens</source>
        <translation>{tokens} 个 token</translation>
    </message>
    <message>
        <source>first word after {seconds} s</source>
        <translation>{seconds} 秒后出首字</translation>
    </message>
    <message>
        <source>{speed} tokens/s</source>
        <translation>{speed} token/秒</translation>
    </message>
    <message>
        <source>{tokens} cached</source>
        <translation>{tokens} 来自缓存</translation>
    </message>
    <message>
        <source>free of charge</source>
        <translation>免费</translation>
    </message>
    <message>
        <source>, </source>
        <translation>，</translation>
    </message>
</context>
<context>
    <name>FileChoice</name>
    <message>
        <source>{path} (found beside the model)</source>
        <translation>{path}（在模型旁找到）</translation>
    </message>
    <message>
        <source>None chosen</source>
        <translation>未选择</translation>
    </message>
    <message>
        <source>Choose…</source>
        <translation>选择…</translation>
    </message>
</context>
<context>
    <name>FileDialogs</name>
    <message>
        <source>Open files</source>
        <translation>打开文件</translation>
    </message>
    <message>
        <source>All files (*)</source>
        <translation>所有文件 (*)</translation>
    </message>
    <message>
        <source>Pictures ({kinds})</source>
        <translation>图片 ({kinds})</translation>
    </message>
    <message>
        <source>Documents ({kinds})</source>
        <translation>文档 ({kinds})</translation>
    </message>
    <message>
        <source>Videos ({kinds})</source>
        <translation>视频 ({kinds})</translation>
    </message>
    <message>
        <source>Choose a model</source>
        <translation>选择模型</translation>
    </message>
    <message>
        <source>Models (*.gguf)</source>
        <translation>模型 (*.gguf)</translation>
    </message>
    <message>
        <source>Choose the projector</source>
        <translation>选择投影器</translation>
    </message>
    <message>
        <source>Projectors (*mmproj*.gguf)</source>
        <translation>投影器 (*mmproj*.gguf)</translation>
    </message>
</context>
<context>
    <name>FindBar</name>
    <message>
        <source>{current} of {count}</source>
        <translation>{current}/{count}</translation>
    </message>
    <message>
        <source>Not found</source>
        <translation>未找到</translation>
    </message>
    <message>
        <source>Find in the conversation</source>
        <translation>在对话中查找</translation>
    </message>
    <message>
        <source>The one before</source>
        <translation>上一个</translation>
    </message>
    <message>
        <source>The next one</source>
        <translation>下一个</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
</context>
<context>
    <name>Formula</name>
    <message>
        <source>This formula cannot be drawn, so its source is shown</source>
        <translation>无法绘制此公式，因此显示其源码</translation>
    </message>
</context>
<context>
    <name>Grabber</name>
    <message>
        <source>The picture of the screen could not be taken: {0}</source>
        <translation>未能截取屏幕：{0}</translation>
    </message>
</context>
<context>
    <name>Header</name>
    <message>
        <source>New conversation</source>
        <translation>新对话</translation>
    </message>
    <message>
        <source>Menu</source>
        <translation>菜单</translation>
    </message>
    <message>
        <source>Title of the conversation</source>
        <translation>对话标题</translation>
    </message>
    <message>
        <source>Private</source>
        <translation>无痕</translation>
    </message>
    <message>
        <source>Nothing of this conversation is written to disk</source>
        <translation>此对话的内容不会写入磁盘</translation>
    </message>
    <message>
        <source>On this computer</source>
        <translation>在本机运行</translation>
    </message>
    <message>
        <source>Your questions and pictures stay on this computer</source>
        <translation>你的问题和图片只留在本机</translation>
    </message>
    <message>
        <source>Your questions and pictures go to {host}</source>
        <translation>你的问题和图片会发送到 {host}</translation>
    </message>
</context>
<context>
    <name>Hero</name>
    <message>
        <source>Use a GGUF file you have…</source>
        <translation>使用已有的 GGUF 文件…</translation>
    </message>
    <message>
        <source>Open files…</source>
        <translation>打开文件…</translation>
    </message>
    <message>
        <source>Use GLM or a server…</source>
        <translation>使用 GLM 或服务器…</translation>
    </message>
    <message>
        <source>A private conversation</source>
        <translation>无痕对话</translation>
    </message>
    <message>
        <source>Nothing you ask and nothing that is answered here is written to disk. Closed, it is gone.</source>
        <translation>这里的提问和回答都不会写入磁盘，关闭后即消失。</translation>
    </message>
    <message>
        <source>Drop files anywhere in the window, or paste them with Ctrl+V.</source>
        <translation>可以把文件拖到窗口任意处，或用 Ctrl+V 粘贴。</translation>
    </message>
    <message>
        <source>Ask about what you look at</source>
        <translation>询问你正在看的内容</translation>
    </message>
    <message>
        <source>Pictures, documents, videos. The answer points at what it means: numbered in the text, marked in the picture.</source>
        <translation>图片、文档、视频。回答会指出所说的位置：文字中编号，画面上标出。</translation>
    </message>
    <message>
        <source>Or drop files anywhere in the window, or paste them with Ctrl+V.</source>
        <translation>也可以把文件拖到窗口任意处，或用 Ctrl+V 粘贴。</translation>
    </message>
    <message>
        <source>Choose a model to begin</source>
        <translation>先选择一个模型</translation>
    </message>
    <message>
        <source>With a model on this computer, nothing you ask leaves it. The GLM cloud or a server can answer too.</source>
        <translation>使用本机上的模型，你的提问不会离开这台电脑。也可以由 GLM 云服务或其他服务器回答。</translation>
    </message>
    <message>
        <source>Or drop a .gguf file anywhere in the window. Its projector (mmproj) is found beside it.</source>
        <translation>也可以把 .gguf 文件拖进窗口。同一文件夹中的投影器 (mmproj) 会自动找到。</translation>
    </message>
</context>
<context>
    <name>History</name>
    <message>
        <source>The history could not be read or written. Check its folder and the permissions; the log says more.</source>
        <translation>无法读取或写入历史记录。请检查其文件夹和权限；日志中有更多信息。</translation>
    </message>
    <message>
        <source>The conversations were written by a later version of Sightline, and are left alone. Install the latest.</source>
        <translation>对话由更新版本的 Sightline 写入，因此未作改动。请安装最新版本。</translation>
    </message>
    <message>
        <source>Another window has been writing to the conversations for too long. Try again in a moment.</source>
        <translation>另一个窗口写入对话的时间过长。请稍后再试。</translation>
    </message>
    <message>
        <source>The file of the conversations is damaged and could not be replaced. Close all other windows and try again.</source>
        <translation>对话文件已损坏且无法替换。请关闭其他所有窗口后重试。</translation>
    </message>
    <message>
        <source>The disk is full, so that not everything could be kept. Make room.</source>
        <translation>磁盘已满，未能保存全部内容。请腾出空间。</translation>
    </message>
    <message>
        <source>This is not in the history any more: it was deleted for good.</source>
        <translation>历史记录中已没有此内容：它已被永久删除。</translation>
    </message>
    <message>
        <source>{name} is neither kept nor where it was, or it has changed. Attach it again to look at it.</source>
        <translation>{name} 没有保存副本，也不在原处，或者已被更改。请重新附加后再查看。</translation>
    </message>
    <message>
        <source>{name} was changed after it was attached, so that it could not be kept. Attach it again.</source>
        <translation>{name} 在附加后被更改，因此无法保存。请重新附加。</translation>
    </message>
    <message>
        <source>There is nothing to save yet: nothing was answered.</source>
        <translation>还没有可保存的内容：尚无回答。</translation>
    </message>
    <message>
        <source>{name} exists already. Choose another name.</source>
        <translation>{name} 已存在。请换一个名称。</translation>
    </message>
    <message>
        <source>{name} could not be written. Choose another folder, or make room on the disk.</source>
        <translation>无法写入 {name}。请选择其他文件夹，或在磁盘上腾出空间。</translation>
    </message>
    <message>
        <source>{name} cannot be read. It may be a folder, or you may lack the permission.</source>
        <translation>无法读取 {name}。它可能是文件夹，或者你没有权限。</translation>
    </message>
    <message>
        <source>{name} is damaged, or it is no conversation of Sightline.</source>
        <translation>{name} 已损坏，或者不是 Sightline 的对话。</translation>
    </message>
    <message>
        <source>{name} was written by a newer Sightline. Update this one.</source>
        <translation>{name} 由更新版本的 Sightline 写入。请更新本程序。</translation>
    </message>
    <message>
        <source>{name} is larger than any conversation that Sightline takes in.</source>
        <translation>{name} 过大，Sightline 无法导入。</translation>
    </message>
    <message>
        <source>{name} did not come along with the conversation. Attach it again to look at it.</source>
        <translation>{name} 未能随对话一起导入。请重新附加后再查看。</translation>
    </message>
</context>
<context>
    <name>HotkeyRow</name>
    <message>
        <source>Try again</source>
        <translation>重试</translation>
    </message>
    <message>
        <source>Reset</source>
        <translation>重置</translation>
    </message>
    <message>
        <source>Clear</source>
        <translation>清除</translation>
    </message>
    <message>
        <source>That key alone cannot be used. Hold Ctrl, Alt or Meta with it, or use F1 to F24.</source>
        <translation>不能只用这个键。请同时按住 Ctrl、Alt 或 Meta，或使用 F1 至 F24。</translation>
    </message>
    <message>
        <source>Press the new keys. Esc keeps the old ones.</source>
        <translation>请按下新的快捷键，按 Esc 保留原来的。</translation>
    </message>
    <message>
        <source>Asking the desktop…</source>
        <translation>正在询问桌面…</translation>
    </message>
    <message>
        <source>Works: press {keys}</source>
        <translation>可用：按 {keys}</translation>
    </message>
    <message>
        <source>Works, as the desktop has it: {keys}</source>
        <translation>可用，桌面设定为：{keys}</translation>
    </message>
    <message>
        <source>The desktop knows it. Choose its keys in the desktop&apos;s settings of shortcuts.</source>
        <translation>桌面已登记。请在桌面的快捷键设置中指定按键。</translation>
    </message>
</context>
<context>
    <name>Hotkeys</name>
    <message>
        <source>{keys} is taken by another program or by the desktop. Choose other keys, or free them there.</source>
        <translation>{keys} 已被其他程序或桌面占用。请换一个快捷键，或在那里取消占用。</translation>
    </message>
    <message>
        <source>The desktop did not allow these keys. Allow them in its settings of shortcuts, or choose others.</source>
        <translation>桌面不允许使用这个快捷键。请在桌面的快捷键设置中允许，或换一个。</translation>
    </message>
    <message>
        <source>{keys} cannot be used on this keyboard. Choose other keys.</source>
        <translation>此键盘无法使用 {keys}。请换一个快捷键。</translation>
    </message>
    <message>
        <source>No program can listen for keys here. Bind the command “{command}” to a key in the settings of your desktop.</source>
        <translation>这里的程序无法监听按键。请在桌面的设置中把命令“{command}”绑定到快捷键。</translation>
    </message>
    <message>
        <source>No program can listen for keys here. Use the menu of the tray, or the window.</source>
        <translation>这里的程序无法监听按键。请使用托盘菜单或窗口。</translation>
    </message>
    <message>
        <source>Ask about the screen</source>
        <translation>询问屏幕内容</translation>
    </message>
    <message>
        <source>Ask about what is selected</source>
        <translation>询问所选内容</translation>
    </message>
    <message>
        <source>Begin or end a recording of the screen</source>
        <translation>开始或结束屏幕录制</translation>
    </message>
    <message>
        <source>The desktop&apos;s portal cannot listen for keys: {reason}.</source>
        <translation>桌面门户 (portal) 无法监听按键：{reason}。</translation>
    </message>
    <message>
        <source>The X server cannot be reached, so no keys can be listened for.</source>
        <translation>无法连接 X 服务器，因此不能监听按键。</translation>
    </message>
    <message>
        <source>On this desktop, keys cannot be listened for through “{name}”. Choose another way in the settings.</source>
        <translation>在此桌面上无法通过“{name}”监听按键。请在设置中选择其他方式。</translation>
    </message>
    <message>
        <source>Keys cannot be listened for through “{name}”: a part is missing. {hint}</source>
        <translation>无法通过“{name}”监听按键：缺少一个组件。{hint}</translation>
    </message>
</context>
<context>
    <name>KeepingWords</name>
    <message>
        <source>The history was damaged. Conversations that could be saved: {count}. The damaged file is kept as {name}.</source>
        <translation>历史记录已损坏。已恢复的对话：{count} 个。损坏的文件保留为 {name}。</translation>
    </message>
    <message>
        <source>{name} is larger than 1 GB. No copy is kept, so it can be looked at again only while it stays where it is.</source>
        <translation>{name} 超过 1 GB，不会保留副本。只有文件留在原处，才能再次查看。</translation>
    </message>
</context>
<context>
    <name>KeyField</name>
    <message>
        <source>Press the keys…</source>
        <translation>请按下按键…</translation>
    </message>
    <message>
        <source>No keys</source>
        <translation>未设置</translation>
    </message>
    <message>
        <source>Press to change; Esc keeps the keys</source>
        <translation>按下新的快捷键即可更改，按 Esc 保留原来的</translation>
    </message>
    <message>
        <source>Press to change</source>
        <translation>点击更改</translation>
    </message>
</context>
<context>
    <name>KeyRow</name>
    <message>
        <source>Key</source>
        <translation>密钥</translation>
    </message>
    <message>
        <source>It lies in this system&apos;s keychain, and is sent to this address and nowhere else.</source>
        <translation>密钥存放在系统钥匙串中，只发送到这个地址。</translation>
    </message>
    <message>
        <source>✓ Known until Sightline ends</source>
        <translation>✓ 仅本次运行有效</translation>
    </message>
    <message>
        <source>✓ In the keychain</source>
        <translation>✓ 在钥匙串中</translation>
    </message>
    <message>
        <source>Keep in the keychain</source>
        <translation>存入钥匙串</translation>
    </message>
    <message>
        <source>Use until Sightline ends</source>
        <translation>仅本次运行使用</translation>
    </message>
    <message>
        <source>Replace…</source>
        <translation>更换…</translation>
    </message>
    <message>
        <source>Replace the key</source>
        <translation>更换密钥</translation>
    </message>
    <message>
        <source>Remove the key? You can add it again.</source>
        <translation>移除密钥？之后可以重新添加。</translation>
    </message>
    <message>
        <source>Remove…</source>
        <translation>移除…</translation>
    </message>
    <message>
        <source>Remove the key</source>
        <translation>移除密钥</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>移除</translation>
    </message>
    <message>
        <source>Keep</source>
        <translation>保留</translation>
    </message>
</context>
<context>
    <name>KeysPage</name>
    <message>
        <source>Keys of servers and providers</source>
        <translation>服务器和服务商的密钥</translation>
    </message>
    <message>
        <source>They lie in this system&apos;s keychain, in no file of Sightline&apos;s, and are sent to nobody but the server they are for.</source>
        <translation>密钥存放在系统钥匙串中，不写入 Sightline 的任何文件，只发送给对应的服务器。</translation>
    </message>
    <message>
        <source>Add or replace a key</source>
        <translation>添加或替换密钥</translation>
    </message>
    <message>
        <source>Name of the server or provider</source>
        <translation>服务器或服务商的名称</translation>
    </message>
    <message>
        <source>Key</source>
        <translation>密钥</translation>
    </message>
    <message>
        <source>Keep in the keychain</source>
        <translation>存入钥匙串</translation>
    </message>
    <message>
        <source>Use until Sightline ends</source>
        <translation>仅本次运行使用</translation>
    </message>
    <message>
        <source>Known keys</source>
        <translation>已有密钥</translation>
    </message>
    <message>
        <source>None yet</source>
        <translation>暂无</translation>
    </message>
    <message>
        <source>Remove…</source>
        <translation>移除…</translation>
    </message>
    <message>
        <source>Remove the key of {name}</source>
        <translation>移除 {name} 的密钥</translation>
    </message>
    <message>
        <source>Remove the key of {name}? You can add it again.</source>
        <translation>移除 {name} 的密钥？之后可以重新添加。</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>移除</translation>
    </message>
    <message>
        <source>Keep</source>
        <translation>保留</translation>
    </message>
    <message>
        <source>Until Sightline ends</source>
        <translation>仅本次运行有效</translation>
    </message>
    <message>
        <source>In the keychain</source>
        <translation>在钥匙串中</translation>
    </message>
</context>
<context>
    <name>LicencesRow</name>
    <message>
        <source>Parts by others</source>
        <translation>第三方组件</translation>
    </message>
    <message>
        <source>Sightline stands on the work of many people.</source>
        <translation>Sightline 建立在许多人的成果之上。</translation>
    </message>
    <message>
        <source>Show licences</source>
        <translation>显示许可证</translation>
    </message>
    <message>
        <source>Licence</source>
        <translation>许可证</translation>
    </message>
    <message>
        <source>It brings no text of its licence along.</source>
        <translation>该组件未附带许可证文本。</translation>
    </message>
</context>
<context>
    <name>LinkMenu</name>
    <message>
        <source>Open in the browser</source>
        <translation>在浏览器中打开</translation>
    </message>
    <message>
        <source>Copy the address</source>
        <translation>复制地址</translation>
    </message>
</context>
<context>
    <name>LongTextOffer</name>
    <message>
        <source>You pasted {lines} lines of text.</source>
        <translation>你粘贴了 {lines} 行文字。</translation>
    </message>
    <message>
        <source>Attach them instead</source>
        <translation>改为附件</translation>
    </message>
    <message>
        <source>Take the pasted text out of the question and attach it</source>
        <translation>把粘贴的文字移出问题，改为附件</translation>
    </message>
    <message>
        <source>Leave it in the question</source>
        <translation>留在问题中</translation>
    </message>
</context>
<context>
    <name>MainWindow</name>
    <message>
        <source>Drop files or a model here</source>
        <translation>把文件或模型拖到这里</translation>
    </message>
    <message>
        <source>Test model: knows only coloured shapes and numbers</source>
        <translation>测试模型：只认识彩色图形和数字</translation>
    </message>
</context>
<context>
    <name>MarkTools</name>
    <message>
        <source>Drawing tools</source>
        <translation>绘图工具</translation>
    </message>
    <message>
        <source>Draw</source>
        <translation>画笔</translation>
    </message>
    <message>
        <source>Point with an arrow</source>
        <translation>箭头</translation>
    </message>
    <message>
        <source>Blur: nothing of it is sent</source>
        <translation>模糊：这部分不会发送</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>撤销</translation>
    </message>
</context>
<context>
    <name>Menu</name>
    <message>
        <source>File</source>
        <translation>文件</translation>
    </message>
    <message>
        <source>Conversation</source>
        <translation>对话</translation>
    </message>
    <message>
        <source>Export</source>
        <translation>导出</translation>
    </message>
    <message>
        <source>Answer</source>
        <translation>回答</translation>
    </message>
    <message>
        <source>View</source>
        <translation>视图</translation>
    </message>
    <message>
        <source>Theme</source>
        <translation>主题</translation>
    </message>
    <message>
        <source>Language</source>
        <translation>语言</translation>
    </message>
    <message>
        <source>Help</source>
        <translation>帮助</translation>
    </message>
    <message>
        <source>Menu</source>
        <translation>菜单</translation>
    </message>
</context>
<context>
    <name>Message</name>
    <message>
        <source>Copy</source>
        <translation>复制</translation>
    </message>
    <message>
        <source>Copy as plain text</source>
        <translation>复制为纯文本</translation>
    </message>
    <message>
        <source>Copy the selection</source>
        <translation>复制所选内容</translation>
    </message>
    <message>
        <source>Redo</source>
        <translation>重新回答</translation>
    </message>
    <message>
        <source>Edit</source>
        <translation>编辑</translation>
    </message>
    <message>
        <source>Export</source>
        <translation>导出</translation>
    </message>
    <message>
        <source>Redo with another model…</source>
        <translation>换个模型重新回答…</translation>
    </message>
    <message>
        <source>Delete</source>
        <translation>删除</translation>
    </message>
    <message>
        <source>Copy the answer as Markdown</source>
        <translation>以 Markdown 格式复制回答</translation>
    </message>
    <message>
        <source>Ask again; this answer is kept as another version</source>
        <translation>再问一次，此回答保留为另一版本</translation>
    </message>
    <message>
        <source>Change the question and ask again</source>
        <translation>修改问题并重新提问</translation>
    </message>
    <message>
        <source>Save the answer as a file</source>
        <translation>把回答保存为文件</translation>
    </message>
</context>
<context>
    <name>MessageStrip</name>
    <message>
        <source>Close this message</source>
        <translation>关闭此消息</translation>
    </message>
</context>
<context>
    <name>ModelChoice</name>
    <message>
        <source>{name} is a projector. Choose the model&apos;s own file.</source>
        <translation>{name} 是投影器文件。请选择模型本身的文件。</translation>
    </message>
</context>
<context>
    <name>ModelMenu</name>
    <message>
        <source>Models</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>Choose a file…</source>
        <translation>选择文件…</translation>
    </message>
    <message>
        <source>More GLM models</source>
        <translation>更多 GLM 模型</translation>
    </message>
    <message>
        <source>GLM and servers…</source>
        <translation>GLM 与服务器…</translation>
    </message>
    <message>
        <source>Use GLM or a server…</source>
        <translation>使用 GLM 或服务器…</translation>
    </message>
    <message>
        <source>text only</source>
        <translation>仅文字</translation>
    </message>
</context>
<context>
    <name>Notice</name>
    <message>
        <source>No graphics card can be used here; the model runs on the processor.</source>
        <translation>没有可用的显卡，模型在处理器上运行。</translation>
    </message>
    <message>
        <source>The graphics card refused the model or a part of it; the processor does its work.</source>
        <translation>显卡无法载入模型或其中一部分，改由处理器完成。</translation>
    </message>
    <message>
        <source>The disk is full: what the model has seen is not kept for next time.</source>
        <translation>磁盘已满：模型看过的内容不会保留到下次使用。</translation>
    </message>
</context>
<context>
    <name>Number</name>
    <message>
        <source>{percent} %</source>
        <translation>{percent}%</translation>
    </message>
</context>
<context>
    <name>OptionPage</name>
    <message>
        <source>Revenue fell in Q3, by 8 % against Q2.</source>
        <translation>第三季度营收下降，比第二季度减少 8%。</translation>
    </message>
</context>
<context>
    <name>Outside</name>
    <message>
        <source>Nothing is selected, and nothing was copied. Select or copy something first.</source>
        <translation>没有选中或复制任何内容。请先选中或复制。</translation>
    </message>
    <message>
        <source>The recording is kept as {path}.</source>
        <translation>录像已保存为 {path}。</translation>
    </message>
</context>
<context>
    <name>Overlay</name>
    <message>
        <source>Drag a region</source>
        <translation>拖动选择区域</translation>
    </message>
    <message>
        <source>Drag a region, or click a window</source>
        <translation>拖动选择区域，或点击窗口</translation>
    </message>
    <message>
        <source>Space: same region again</source>
        <translation>空格：沿用上次的区域</translation>
    </message>
    <message>
        <source>Enter: whole screen</source>
        <translation>Enter：整个屏幕</translation>
    </message>
    <message>
        <source>Esc: leave</source>
        <translation>Esc：退出</translation>
    </message>
    <message>
        <source>Arrows: move</source>
        <translation>方向键：移动</translation>
    </message>
    <message>
        <source>Shift and arrows: size</source>
        <translation>Shift 加方向键：调整大小</translation>
    </message>
    <message>
        <source>Ctrl: faster</source>
        <translation>Ctrl：加快</translation>
    </message>
    <message>
        <source>Enter: take it</source>
        <translation>Enter：确定</translation>
    </message>
    <message>
        <source>Esc: back</source>
        <translation>Esc：返回</translation>
    </message>
</context>
<context>
    <name>OverlayWindow</name>
    <message>
        <source>Ask about the screen</source>
        <translation>询问屏幕内容</translation>
    </message>
    <message>
        <source>Frozen screen</source>
        <translation>定格的屏幕</translation>
    </message>
</context>
<context>
    <name>Palette</name>
    <message>
        <source>Type a command or a conversation</source>
        <translation>输入命令或对话标题</translation>
    </message>
    <message>
        <source>Command or conversation</source>
        <translation>命令或对话</translation>
    </message>
    <message>
        <source>Commands and conversations</source>
        <translation>命令和对话</translation>
    </message>
    <message>
        <source>Nothing has these letters</source>
        <translation>没有匹配的命令或对话</translation>
    </message>
    <message>
        <source>All commands</source>
        <translation>所有命令</translation>
    </message>
</context>
<context>
    <name>PartPrompt</name>
    <message>
        <source>From when to when? For example 00:10-00:40. Leave it empty for all of it.</source>
        <translation>从何时到何时？例如 00:10-00:40。留空表示全部。</translation>
    </message>
    <message>
        <source>Which pages? For example 3-7, 12. Leave it empty for all of them.</source>
        <translation>哪些页？例如 3-7, 12。留空表示全部。</translation>
    </message>
    <message>
        <source>Use this part</source>
        <translation>使用这一部分</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
</context>
<context>
    <name>PasswordPrompt</name>
    <message>
        <source>That is not its password. Try again:</source>
        <translation>密码不对，请再试一次：</translation>
    </message>
    <message>
        <source>It is protected. What is its password?</source>
        <translation>文件受保护。密码是什么？</translation>
    </message>
    <message>
        <source>Open</source>
        <translation>打开</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
</context>
<context>
    <name>PictureCard</name>
    <message>
        <source>Opening…</source>
        <translation>正在打开…</translation>
    </message>
    <message>
        <source>Choose a part of it</source>
        <translation>选择其中一部分</translation>
    </message>
    <message>
        <source>{details}. Choose a part of {name}</source>
        <translation>{details}。选择 {name} 的一部分</translation>
    </message>
    <message>
        <source>Attachment {name}</source>
        <translation>附件 {name}</translation>
    </message>
    <message>
        <source>Remove {name}</source>
        <translation>移除 {name}</translation>
    </message>
</context>
<context>
    <name>PictureRow</name>
    <message>
        <source>Pictures and pages</source>
        <translation>图片和页面</translation>
    </message>
</context>
<context>
    <name>PinnedHeader</name>
    <message>
        <source>Move the card</source>
        <translation>移动卡片</translation>
    </message>
    <message>
        <source>Arrows move it, Shift with arrows makes it larger or smaller</source>
        <translation>方向键移动，Shift 加方向键调整大小</translation>
    </message>
    <message>
        <source>Close the card</source>
        <translation>关闭卡片</translation>
    </message>
</context>
<context>
    <name>Place</name>
    <message>
        <source>part of {name}</source>
        <translation>{name}（局部）</translation>
    </message>
    <message>
        <source>{name}, {place}</source>
        <translation>{name}，{place}</translation>
    </message>
    <message>
        <source>{name}, part of {place}</source>
        <translation>{name}，{place}（局部）</translation>
    </message>
    <message>
        <source>, </source>
        <translation>，</translation>
    </message>
    <message>
        <source>sheet {name}</source>
        <translation>工作表 {name}</translation>
    </message>
    <message>
        <source>page {number}</source>
        <translation>第 {number} 页</translation>
    </message>
    <message>
        <source>slide {number}</source>
        <translation>第 {number} 张</translation>
    </message>
    <message>
        <source>chapter {number}</source>
        <translation>第 {number} 章</translation>
    </message>
    <message>
        <source>part {number}</source>
        <translation>第 {number} 部分</translation>
    </message>
    <message>
        <source>copy {number}</source>
        <translation>副本 {number}</translation>
    </message>
    <message>
        <source>line {number}</source>
        <translation>第 {number} 行</translation>
    </message>
    <message>
        <source>lines {number}</source>
        <translation>第 {number} 行</translation>
    </message>
    <message>
        <source>row {number}</source>
        <translation>第 {number} 行</translation>
    </message>
    <message>
        <source>rows {number}</source>
        <translation>第 {number} 行</translation>
    </message>
    <message>
        <source>paragraph {number}</source>
        <translation>第 {number} 段</translation>
    </message>
    <message>
        <source>paragraphs {number}</source>
        <translation>第 {number} 段</translation>
    </message>
    <message>
        <source>cell {number}</source>
        <translation>第 {number} 个单元格</translation>
    </message>
    <message>
        <source>cells {number}</source>
        <translation>第 {number} 个单元格</translation>
    </message>
</context>
<context>
    <name>Preferences</name>
    <message>
        <source>Settings cannot be written ({reason}). What you change holds until Sightline is closed.</source>
        <translation>无法写入设置（{reason}）。所做的更改在关闭 Sightline 之前有效。</translation>
    </message>
</context>
<context>
    <name>PrivacyPage</name>
    <message>
        <source>Where questions go</source>
        <translation>问题发往何处</translation>
    </message>
    <message>
        <source>With a model on this computer they stay here. With a server, the question, its pictures and all said before go there and nowhere else. The mark at the top of the window names it, and the first picture needs your consent.</source>
        <translation>使用本机模型时，一切留在本机。使用服务器时，问题、图片和此前的对话只发送到该服务器，不会发往别处。窗口顶部会标明服务器，首次发送图片前会征得你的同意。</translation>
    </message>
    <message>
        <source>Links and pictures in answers</source>
        <translation>回答中的链接和图片</translation>
    </message>
    <message>
        <source>A link shows where it leads before it leads there. Nothing in an answer is loaded from the network.</source>
        <translation>打开链接前会先显示它指向何处。回答中的任何内容都不会从网络加载。</translation>
    </message>
    <message>
        <source>What is never sent</source>
        <translation>从不发送的内容</translation>
    </message>
    <message>
        <source>How you use Sightline, reports of crashes, where your files lie, other conversations.</source>
        <translation>使用情况、崩溃报告、文件位置、其他对话。</translation>
    </message>
</context>
<context>
    <name>Progress</name>
    <message>
        <source>Waiting ({count} ahead)</source>
        <translation>等待中（前面还有 {count} 个）</translation>
    </message>
    <message>
        <source>Loading the model… {percent} %</source>
        <translation>正在加载模型… {percent}%</translation>
    </message>
    <message>
        <source>Loading the model…</source>
        <translation>正在加载模型…</translation>
    </message>
    <message>
        <source>Looking at the picture… {done} of {total}</source>
        <translation>正在看图… {done}/{total}</translation>
    </message>
    <message>
        <source>Looking at the picture…</source>
        <translation>正在看图…</translation>
    </message>
    <message>
        <source>Reading the question… {percent} %</source>
        <translation>正在读题… {percent}%</translation>
    </message>
    <message>
        <source>Reading the question…</source>
        <translation>正在读题…</translation>
    </message>
    <message>
        <source>Being answered in another window</source>
        <translation>正在另一个窗口中回答</translation>
    </message>
</context>
<context>
    <name>ProjectorChoice</name>
    <message>
        <source>Which projector belongs to it?</source>
        <translation>哪个投影器与它配套？</translation>
    </message>
    <message>
        <source>{name} needs its projector to see pictures. Several lie beside it.</source>
        <translation>{name} 需要投影器才能看图。同一文件夹中有多个。</translation>
    </message>
    <message>
        <source>{name} needs its projector to see pictures, a file named mmproj…. None lies beside it.</source>
        <translation>{name} 需要投影器（名为 mmproj… 的文件）才能看图，但同一文件夹中没有。</translation>
    </message>
    <message>
        <source>Choose another file…</source>
        <translation>选择其他文件…</translation>
    </message>
    <message>
        <source>Go on without pictures</source>
        <translation>不看图，直接继续</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
</context>
<context>
    <name>PromptEditor</name>
    <message>
        <source>Add a prompt</source>
        <translation>添加提示词</translation>
    </message>
    <message>
        <source>Use the built-in ones again</source>
        <translation>恢复内置提示词</translation>
    </message>
    <message>
        <source>Recognised on this computer, without a model</source>
        <translation>在本机识别，不需要模型</translation>
    </message>
    <message>
        <source>Move {name} to the front</source>
        <translation>上移 {name}</translation>
    </message>
    <message>
        <source>Edit {name}</source>
        <translation>编辑 {name}</translation>
    </message>
</context>
<context>
    <name>QFileDialog</name>
    <message>
        <source>&amp;Look in:</source>
        <translation>查找范围(&amp;L)：</translation>
    </message>
    <message>
        <source>Files of &amp;type:</source>
        <translation>文件类型(&amp;T)：</translation>
    </message>
</context>
<context>
    <name>QuestionEditor</name>
    <message>
        <source>Edit the question</source>
        <translation>编辑问题</translation>
    </message>
    <message>
        <source>Send</source>
        <translation>发送</translation>
    </message>
    <message>
        <source>Ask this instead; the old version is kept</source>
        <translation>改问这个问题，旧版本会保留</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
</context>
<context>
    <name>QuestionView</name>
    <message>
        <source>Copy the question</source>
        <translation>复制问题</translation>
    </message>
    <message>
        <source>Edit the question</source>
        <translation>编辑问题</translation>
    </message>
    <message>
        <source>You, {time}</source>
        <translation>你，{time}</translation>
    </message>
</context>
<context>
    <name>QuestionWords</name>
    <message>
        <source>Question</source>
        <translation>问题</translation>
    </message>
    <message>
        <source>Show all of it</source>
        <translation>显示全文</translation>
    </message>
    <message>
        <source>{count} more characters are not shown here. Copy the question to read them.</source>
        <translation>还有 {count} 个字符未在此显示。复制问题即可阅读全文。</translation>
    </message>
</context>
<context>
    <name>QuickAction</name>
    <message>
        <source>Explain</source>
        <translation>解释</translation>
    </message>
    <message>
        <source>Extract text</source>
        <translation>提取文字</translation>
    </message>
    <message>
        <source>Translate</source>
        <translation>翻译</translation>
    </message>
    <message>
        <source>Find…</source>
        <translation>查找…</translation>
    </message>
    <message>
        <source>To table</source>
        <translation>转为表格</translation>
    </message>
    <message>
        <source>To code</source>
        <translation>转为代码</translation>
    </message>
</context>
<context>
    <name>QuickAsk</name>
    <message>
        <source>Copied picture</source>
        <translation>复制的图片</translation>
    </message>
    <message>
        <source>Screenshot {time}</source>
        <translation>屏幕截图 {time}</translation>
    </message>
</context>
<context>
    <name>QuickConversation</name>
    <message>
        <source>Reading the text…</source>
        <translation>正在识别文字…</translation>
    </message>
</context>
<context>
    <name>QuickQuestion</name>
    <message>
        <source>Selected text</source>
        <translation>所选文字</translation>
    </message>
    <message>
        <source>Ready</source>
        <translation>已就绪</translation>
    </message>
    <message>
        <source>Extract text</source>
        <translation>提取文字</translation>
    </message>
    <message>
        <source>Text recognition</source>
        <translation>文字识别</translation>
    </message>
    <message>
        <source>The text could not be read.</source>
        <translation>无法识别文字。</translation>
    </message>
</context>
<context>
    <name>Reasoning</name>
    <message>
        <source>Thinking… {seconds} s</source>
        <translation>正在思考… {seconds} 秒</translation>
    </message>
    <message>
        <source>Thought for {seconds} s</source>
        <translation>思考了 {seconds} 秒</translation>
    </message>
</context>
<context>
    <name>ReasoningFold</name>
    <message>
        <source>Show or hide the model&apos;s reasoning</source>
        <translation>显示或隐藏模型的推理</translation>
    </message>
    <message>
        <source>Reasoning</source>
        <translation>推理过程</translation>
    </message>
</context>
<context>
    <name>RecentFiles</name>
    <message>
        <source>None yet</source>
        <translation>暂无</translation>
    </message>
    <message>
        <source>Use</source>
        <translation>使用</translation>
    </message>
    <message>
        <source>Use {name}</source>
        <translation>使用 {name}</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>移除</translation>
    </message>
    <message>
        <source>Remove {name} from the list</source>
        <translation>从列表中移除 {name}</translation>
    </message>
</context>
<context>
    <name>Recording</name>
    <message>
        <source>There is no screen to record: no desktop is running here.</source>
        <translation>没有可以录制的屏幕：这里没有运行桌面。</translation>
    </message>
    <message>
        <source>This desktop is recorded with the program grim, which is not installed. Install it and try again.</source>
        <translation>录制此桌面需要程序 grim，但它未安装。请安装后重试。</translation>
    </message>
    <message>
        <source>GNOME on Wayland lets other programs see single pictures of the screen, but Sightline cannot record it. Record with GNOME itself (press the Print key and choose the video camera), then attach the video here, or log in with “GNOME on Xorg” where it is offered.</source>
        <translation>Wayland 上的 GNOME 只让其他程序截取单张画面，因此 Sightline 无法录制。请用 GNOME 自带的功能录制（按 Print 键并选择摄像机），再把视频附加到这里；或者在提供“GNOME on Xorg”的登录界面选择它。</translation>
    </message>
    <message>
        <source>KDE on Wayland lets other programs see single pictures of the screen, but Sightline cannot record it. Record with Spectacle, then attach the video here, or log in with “Plasma (X11)” where it is offered.</source>
        <translation>Wayland 上的 KDE 只让其他程序截取单张画面，因此 Sightline 无法录制。请用 Spectacle 录制，再把视频附加到这里；或者在提供“Plasma (X11)”的登录界面选择它。</translation>
    </message>
    <message>
        <source>The region is too small for a recording. Choose at least {0} x {0} pixels.</source>
        <translation>区域太小，无法录制。请选择至少 {0} x {0} 像素的区域。</translation>
    </message>
    <message>
        <source>What was recorded until then is kept.</source>
        <translation>此前录制的内容已保留。</translation>
    </message>
    <message>
        <source>{0} of {1} frames are missing, because the computer was too busy. A lower rate in the settings helps.</source>
        <translation>由于电脑过于繁忙，{1} 帧中缺少 {0} 帧。可在设置中降低帧率。</translation>
    </message>
    <message>
        <source>The recording reached the size that the settings allow and ended by itself.</source>
        <translation>录像达到设置中允许的大小，已自动结束。</translation>
    </message>
    <message>
        <source>The recording ended because the disk is almost full. Make room, or choose another folder for videos.</source>
        <translation>磁盘快满了，录制已结束。请腾出空间，或为视频选择其他文件夹。</translation>
    </message>
    <message>
        <source>The recording ended because its file could not be written. Look whether the disk is full or was removed.</source>
        <translation>无法写入录像文件，录制已结束。请检查磁盘是否已满或被移除。</translation>
    </message>
    <message>
        <source>The recording ended because the screen gave no pictures any more. Record again when it is back.</source>
        <translation>屏幕不再提供画面，录制已结束。请在屏幕恢复后重新录制。</translation>
    </message>
    <message>
        <source>The recording ended because the screen changed its size. Record again to go on with the new one.</source>
        <translation>屏幕大小已改变，录制已结束。要按新的大小继续，请重新录制。</translation>
    </message>
    <message>
        <source>The recording ended because the process that recorded was ended. Record again to go on.</source>
        <translation>录制进程被终止，录制已结束。要继续，请重新录制。</translation>
    </message>
    <message>
        <source>The recording could not begin.</source>
        <translation>无法开始录制。</translation>
    </message>
</context>
<context>
    <name>RecordingBar</name>
    <message>
        <source>Recording</source>
        <translation>正在录制</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>停止</translation>
    </message>
    <message>
        <source>Stop the recording and keep it</source>
        <translation>停止录制并保留录像</translation>
    </message>
    <message>
        <source>Throw the recording away</source>
        <translation>丢弃录像</translation>
    </message>
    <message>
        <source>Throw away</source>
        <translation>丢弃</translation>
    </message>
    <message>
        <source>Stop the recording and throw it away</source>
        <translation>停止录制并丢弃录像</translation>
    </message>
    <message>
        <source>Go on recording</source>
        <translation>继续录制</translation>
    </message>
    <message>
        <source>Go on</source>
        <translation>继续</translation>
    </message>
    <message>
        <source>Pause</source>
        <translation>暂停</translation>
    </message>
    <message>
        <source>missing frames: {0}</source>
        <translation>缺少 {0} 帧</translation>
    </message>
    <message>
        <source>Starting</source>
        <translation>正在开始</translation>
    </message>
    <message>
        <source>Paused</source>
        <translation>已暂停</translation>
    </message>
    <message>
        <source>Ending</source>
        <translation>正在结束</translation>
    </message>
</context>
<context>
    <name>Reduction</name>
    <message>
        <source>{name} does not fit and is not sent.</source>
        <translation>{name} 放不下，不会发送。</translation>
    </message>
    <message>
        <source>{name} is sent with {sent} % of the detail that is read well.</source>
        <translation>{name} 只能以清晰阅读所需细节的 {sent}% 发送。</translation>
    </message>
    <message>
        <source>{name}: {sent} of {total} pages are sent as text, without their pictures.</source>
        <translation>{name}：{total} 页中有 {sent} 页只发送文字，不含画面。</translation>
    </message>
    <message>
        <source>{name}: the model sees no pictures; it gets the text read in {sent} of {total}.</source>
        <translation>{name}：该模型不能看图片；{total} 张中有 {sent} 张以识别出的文字发送。</translation>
    </message>
    <message>
        <source>{name}: the model sees no videos; it gets {sent} of {total} lines of its subtitles.</source>
        <translation>{name}：该模型不能看视频；发送 {total} 行字幕中的 {sent} 行。</translation>
    </message>
    <message>
        <source>The model takes only {sent} of the {total} pictures of this conversation.</source>
        <translation>该模型只能接收本对话 {total} 张图片中的 {sent} 张。</translation>
    </message>
    <message>
        <source>{name}: only {sent} of {total} pages fit. Choose which.</source>
        <translation>{name}：{total} 页中只放得下 {sent} 页。请选择需要的页。</translation>
    </message>
    <message>
        <source>{name}: {sent} of {total} frames fit. Choose a shorter part.</source>
        <translation>{name}：{total} 帧中只放得下 {sent} 帧。请选择较短的片段。</translation>
    </message>
    <message>
        <source>{name}: only {sent} of {total} pages of text fit. Choose which.</source>
        <translation>{name}：{total} 页文字中只放得下 {sent} 页。请选择需要的页。</translation>
    </message>
</context>
<context>
    <name>Reference</name>
    <message>
        <source>There is no such picture in this conversation</source>
        <translation>此对话中没有这张图片</translation>
    </message>
</context>
<context>
    <name>Refusal</name>
    <message>
        <source>There is no file {name}. It may have been moved or renamed.</source>
        <translation>找不到文件 {name}，可能已被移动或改名。</translation>
    </message>
    <message>
        <source>{name} cannot be read. It may be a folder, or you may lack the permission.</source>
        <translation>无法读取 {name}。它可能是文件夹，或者你没有权限。</translation>
    </message>
    <message>
        <source>{name} has changed since it was opened. Attach it again.</source>
        <translation>{name} 在打开后被改动过。请重新附加。</translation>
    </message>
    <message>
        <source>{name} is of an unknown kind. Pictures, PDF, decks, documents, videos and text can be opened.</source>
        <translation>{name} 的类型未知。可以打开图片、PDF、演示文稿、文档、视频和文本。</translation>
    </message>
    <message>
        <source>{name} is damaged and cannot be read.</source>
        <translation>{name} 已损坏，无法读取。</translation>
    </message>
    <message>
        <source>{name} is empty: there is nothing in it to look at.</source>
        <translation>{name} 是空的，没有可看的内容。</translation>
    </message>
    <message>
        <source>{name} made the reader fail. It is probably damaged; nothing else is affected.</source>
        <translation>读取 {name} 时出错。文件可能已损坏，其他内容不受影响。</translation>
    </message>
    <message>
        <source>{name} cannot be read because a part of Sightline is missing. Install Sightline again.</source>
        <translation>无法读取 {name}：Sightline 缺少一个组件。请重新安装 Sightline。</translation>
    </message>
    <message>
        <source>Reading {name} took too long and was stopped.</source>
        <translation>读取 {name} 花费时间过长，已停止。</translation>
    </message>
    <message>
        <source>Reading {name} took too much memory and was stopped.</source>
        <translation>读取 {name} 占用内存过多，已停止。</translation>
    </message>
</context>
<context>
    <name>RegionBar</name>
    <message>
        <source>Ask about this region</source>
        <translation>询问此区域</translation>
    </message>
    <message>
        <source>Copy picture</source>
        <translation>复制图片</translation>
    </message>
    <message>
        <source>Copy the text in it</source>
        <translation>复制其中文字</translation>
    </message>
    <message>
        <source>Region</source>
        <translation>区域</translation>
    </message>
</context>
<context>
    <name>RemoteChoice</name>
    <message>
        <source>The model cannot be used</source>
        <translation>无法使用该模型</translation>
    </message>
    <message>
        <source>Open the settings</source>
        <translation>打开设置</translation>
    </message>
    <message>
        <source>Not now</source>
        <translation>暂不</translation>
    </message>
</context>
<context>
    <name>Sending</name>
    <message>
        <source>What is attached to this conversation will be sent to {host}.</source>
        <translation>此对话的附件将发送到 {host}。</translation>
    </message>
    <message>
        <source>Send</source>
        <translation>发送</translation>
    </message>
    <message>
        <source>Don&apos;t send</source>
        <translation>不发送</translation>
    </message>
    <message>
        <source>Ready</source>
        <translation>已就绪</translation>
    </message>
</context>
<context>
    <name>ServerFailure</name>
    <message>
        <source>Ask again a little later, or ask another model.</source>
        <translation>请稍后再问，或改问其他模型。</translation>
    </message>
    <message>
        <source>Look at your account on the provider&apos;s page, or ask another model.</source>
        <translation>请到服务商页面查看账户，或改问其他模型。</translation>
    </message>
    <message>
        <source>Enter it again in the settings, or make a new one on the provider&apos;s page.</source>
        <translation>请在设置中重新输入，或到服务商页面新建密钥。</translation>
    </message>
    <message>
        <source>The server&apos;s address cannot be used</source>
        <translation>服务器地址无法使用</translation>
    </message>
    <message>
        <source>Correct it in the settings.</source>
        <translation>请在设置中更正。</translation>
    </message>
    <message>
        <source>The server cannot be reached</source>
        <translation>无法连接服务器</translation>
    </message>
    <message>
        <source>See whether the network, the proxy and the server itself are on.</source>
        <translation>请检查网络、代理和服务器本身是否开启。</translation>
    </message>
    <message>
        <source>The proxy does not let this through</source>
        <translation>代理不允许此连接</translation>
    </message>
    <message>
        <source>Correct it in the settings, or ask whoever runs it.</source>
        <translation>请在设置中更正，或联系代理的管理者。</translation>
    </message>
    <message>
        <source>The server&apos;s certificate is not trusted</source>
        <translation>服务器证书不受信任</translation>
    </message>
    <message>
        <source>Nothing was sent. A company&apos;s own certificates can be named in the settings.</source>
        <translation>没有发送任何内容。公司自己的证书可在设置中指定。</translation>
    </message>
    <message>
        <source>The server did not answer in time</source>
        <translation>服务器未在限定时间内回答</translation>
    </message>
    <message>
        <source>There is no key for this server</source>
        <translation>没有这台服务器的密钥</translation>
    </message>
    <message>
        <source>Enter it in the settings.</source>
        <translation>请在设置中输入。</translation>
    </message>
    <message>
        <source>The server does not accept the key</source>
        <translation>服务器不接受此密钥</translation>
    </message>
    <message>
        <source>The account may not be used for this</source>
        <translation>此账户不能用于此项</translation>
    </message>
    <message>
        <source>The quota is used up</source>
        <translation>配额已用完</translation>
    </message>
    <message>
        <source>The server has too much to do</source>
        <translation>服务器繁忙</translation>
    </message>
    <message>
        <source>The server does not have this model</source>
        <translation>服务器没有这个模型</translation>
    </message>
    <message>
        <source>Choose another one in the settings.</source>
        <translation>请在设置中另选一个。</translation>
    </message>
    <message>
        <source>The question cannot be asked like this</source>
        <translation>不能这样提问</translation>
    </message>
    <message>
        <source>Attach less, or ask another model.</source>
        <translation>请减少附件，或改问其他模型。</translation>
    </message>
    <message>
        <source>This model does not open addresses</source>
        <translation>该模型不能打开网址</translation>
    </message>
    <message>
        <source>Attach the file itself.</source>
        <translation>请直接附上文件。</translation>
    </message>
    <message>
        <source>The provider refuses this because of its content</source>
        <translation>服务商因内容原因拒绝</translation>
    </message>
    <message>
        <source>Put the question in another way, or ask another model.</source>
        <translation>请换一种问法，或改问其他模型。</translation>
    </message>
    <message>
        <source>The server failed</source>
        <translation>服务器出错</translation>
    </message>
    <message>
        <source>The server&apos;s reply is no answer</source>
        <translation>服务器的回复不是回答</translation>
    </message>
    <message>
        <source>See in the settings whether the address is that of a chat server.</source>
        <translation>请在设置中检查该地址是否为对话服务器。</translation>
    </message>
    <message>
        <source>Your file models.toml cannot be used</source>
        <translation>你的 models.toml 文件无法使用</translation>
    </message>
    <message>
        <source>Correct the place that is named.</source>
        <translation>请更正所指出的位置。</translation>
    </message>
    <message>
        <source>This server is no longer in the settings</source>
        <translation>设置中已没有这台服务器</translation>
    </message>
    <message>
        <source>Add it again, or ask another model.</source>
        <translation>请重新添加，或改问其他模型。</translation>
    </message>
    <message>
        <source>There is no keychain</source>
        <translation>没有钥匙串</translation>
    </message>
    <message>
        <source>Enter the key in the settings; it is known until Sightline ends.</source>
        <translation>请在设置中输入密钥；仅在本次运行期间有效。</translation>
    </message>
    <message>
        <source>The keychain is locked</source>
        <translation>钥匙串已锁定</translation>
    </message>
    <message>
        <source>Unlock it, then ask again.</source>
        <translation>请解锁后再问。</translation>
    </message>
    <message>
        <source>The keychain did not do what it was asked</source>
        <translation>钥匙串未能完成操作</translation>
    </message>
    <message>
        <source>See whether other programs can use it.</source>
        <translation>请检查其他程序能否使用它。</translation>
    </message>
    <message>
        <source>The server stopped before the answer was complete</source>
        <translation>服务器在回答完成前中断</translation>
    </message>
    <message>
        <source>What had arrived until then is kept. Ask again for a whole one.</source>
        <translation>此前收到的内容已保留。请再问一次以获得完整的回答。</translation>
    </message>
    <message>
        <source>Something went wrong here. The log says more.</source>
        <translation>这里出了问题。详情见日志。</translation>
    </message>
</context>
<context>
    <name>ServerForm</name>
    <message>
        <source>Name</source>
        <translation>名称</translation>
    </message>
    <message>
        <source>Address</source>
        <translation>地址</translation>
    </message>
    <message>
        <source>Key, if it wants one</source>
        <translation>密钥（如果需要）</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>Such as: the workstation</source>
        <translation>例如：工作站</translation>
    </message>
    <message>
        <source>Look</source>
        <translation>查看</translation>
    </message>
    <message>
        <source>Ask the server which models it has; no question is sent</source>
        <translation>询问服务器有哪些模型；不发送任何问题</translation>
    </message>
    <message>
        <source>It takes pictures</source>
        <translation>可接收图片</translation>
    </message>
    <message>
        <source>Save</source>
        <translation>保存</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Looking…</source>
        <translation>正在查看…</translation>
    </message>
    <message>
        <source>✓ {program}</source>
        <translation>✓ {program}</translation>
    </message>
    <message>
        <source>1 model</source>
        <translation>1 个模型</translation>
    </message>
    <message>
        <source>{count} models</source>
        <translation>{count} 个模型</translation>
    </message>
    <message>
        <source>reads {tokens} tokens</source>
        <translation>可读 {tokens} 个 token</translation>
    </message>
    <message>
        <source>sees pictures</source>
        <translation>可看图片</translation>
    </message>
    <message>
        <source>text only</source>
        <translation>仅文字</translation>
    </message>
    <message>
        <source>Kept as it is</source>
        <translation>保持不变</translation>
    </message>
</context>
<context>
    <name>ServerNotice</name>
    <message>
        <source>The server could not answer yet. Asking again in {seconds} s (try {number} of {total}).</source>
        <translation>服务器暂时无法回答。{seconds} 秒后再试（第 {number} 次，共 {total} 次）。</translation>
    </message>
    <message>
        <source>What stands above is the model&apos;s reasoning: the server did not mark where it begins.</source>
        <translation>以上是模型的思考：服务器没有标出它从何处开始。</translation>
    </message>
    <message>
        <source>The server sent the whole answer as reasoning; it is shown as the answer.</source>
        <translation>服务器把整个回答当作思考发送；这里作为回答显示。</translation>
    </message>
    <message>
        <source>The server ended the answer for a reason that is not known here. It may be incomplete.</source>
        <translation>服务器因未知原因结束了回答。内容可能不完整。</translation>
    </message>
</context>
<context>
    <name>ServerProgress</name>
    <message>
        <source>Preparing the pictures… {done} of {total}</source>
        <translation>正在准备图片… {done}/{total}</translation>
    </message>
    <message>
        <source>Waiting: 1 request ahead</source>
        <translation>等待中：前面还有 1 个请求</translation>
    </message>
    <message>
        <source>Waiting: {count} requests ahead</source>
        <translation>等待中：前面还有 {count} 个请求</translation>
    </message>
    <message>
        <source>Waiting for {host}…</source>
        <translation>正在等待 {host}…</translation>
    </message>
</context>
<context>
    <name>ServersRow</name>
    <message>
        <source>Any server with the OpenAI API: on this computer, in your network, anywhere.</source>
        <translation>任何提供 OpenAI 接口的服务器：在本机、局域网或任何地方。</translation>
    </message>
    <message>
        <source>vLLM, SGLang, llama.cpp and others</source>
        <translation>vLLM、SGLang、llama.cpp 等</translation>
    </message>
    <message>
        <source>Add a server…</source>
        <translation>添加服务器…</translation>
    </message>
    <message>
        <source>Change…</source>
        <translation>更改…</translation>
    </message>
    <message>
        <source>Change {name}</source>
        <translation>更改 {name}</translation>
    </message>
    <message>
        <source>Remove {name}, and its key? Answers that it gave stay.</source>
        <translation>移除 {name} 及其密钥？它给出的回答会保留。</translation>
    </message>
    <message>
        <source>Remove {name}</source>
        <translation>移除 {name}</translation>
    </message>
    <message>
        <source>Remove…</source>
        <translation>移除…</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>移除</translation>
    </message>
    <message>
        <source>Keep</source>
        <translation>保留</translation>
    </message>
    <message>
        <source>no model chosen</source>
        <translation>未选择模型</translation>
    </message>
    <message>
        <source>text only</source>
        <translation>仅文字</translation>
    </message>
    <message>
        <source>with a key</source>
        <translation>有密钥</translation>
    </message>
</context>
<context>
    <name>Settings</name>
    <message>
        <source>Theme</source>
        <translation>主题</translation>
    </message>
    <message>
        <source>Light or dark, or whichever the desktop uses.</source>
        <translation>浅色、深色，或跟随系统。</translation>
    </message>
    <message>
        <source>As on the desktop</source>
        <translation>跟随系统</translation>
    </message>
    <message>
        <source>Light</source>
        <translation>浅色</translation>
    </message>
    <message>
        <source>Dark</source>
        <translation>深色</translation>
    </message>
    <message>
        <source>Language</source>
        <translation>语言</translation>
    </message>
    <message>
        <source>Of the window. The model answers in the language you ask in.</source>
        <translation>界面语言。模型用你提问的语言回答。</translation>
    </message>
    <message>
        <source>Text size</source>
        <translation>文字大小</translation>
    </message>
    <message>
        <source>For everything in the window, answers included.</source>
        <translation>适用于窗口中的所有文字，包括回答。</translation>
    </message>
    <message>
        <source>Think before answering</source>
        <translation>回答前先思考</translation>
    </message>
    <message>
        <source>Better with hard questions, and slower. You can change it for each question.</source>
        <translation>难题答得更好，但更慢。每次提问时都可以更改。</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>The GGUF file that answers.</source>
        <translation>用于回答的 GGUF 文件。</translation>
    </message>
    <message>
        <source>Projector</source>
        <translation>投影器</translation>
    </message>
    <message>
        <source>The mmproj file that lets the model see pictures.</source>
        <translation>让模型能看图的 mmproj 文件。</translation>
    </message>
    <message>
        <source>Models used lately</source>
        <translation>最近使用的模型</translation>
    </message>
    <message>
        <source>Removing one from this list leaves its file where it is.</source>
        <translation>从列表中移除不会删除文件。</translation>
    </message>
    <message>
        <source>Layers on the graphics card</source>
        <translation>在显卡上运行的层数</translation>
    </message>
    <message>
        <source>More are faster and take more of the card&apos;s memory. The model is loaded anew.</source>
        <translation>层数越多越快，也越占显存。更改后会重新加载模型。</translation>
    </message>
    <message>
        <source>As many as fit</source>
        <translation>尽可能多</translation>
    </message>
    <message>
        <source>None</source>
        <translation>不使用</translation>
    </message>
    <message>
        <source>This many:</source>
        <translation>指定层数：</translation>
    </message>
    <message>
        <source>Ask the model to point</source>
        <translation>让模型指出位置</translation>
    </message>
    <message>
        <source>Tells it what the pictures are called and how to mark what it means. Off, it gets your words alone.</source>
        <translation>告诉模型图片的名称，以及如何标出所指之处。停用后，模型只收到你的原话。</translation>
    </message>
    <message>
        <source>Keep conversations</source>
        <translation>保留对话</translation>
    </message>
    <message>
        <source>On this computer only. Off, every new conversation is private and gone when it is closed.</source>
        <translation>仅存于本机。停用后，新对话都是无痕对话，关闭后即消失。</translation>
    </message>
    <message>
        <source>Find conversations by the text in their pictures</source>
        <translation>按图片中的文字查找对话</translation>
    </message>
    <message>
        <source>Reads the text in pictures you asked about, on this computer.</source>
        <translation>在本机识别你问过的图片中的文字。</translation>
    </message>
    <message>
        <source>Conversations</source>
        <translation>对话</translation>
    </message>
    <message>
        <source>Questions, answers, and the text by which they are found.</source>
        <translation>问题、回答，以及用于搜索的文字。</translation>
    </message>
    <message>
        <source>Delete all conversations, with the files attached and what was read of them? They cannot be brought back.</source>
        <translation>删除所有对话、其附件以及从中读取的内容？删除后无法恢复。</translation>
    </message>
    <message>
        <source>Delete all</source>
        <translation>全部删除</translation>
    </message>
    <message>
        <source>Attachments</source>
        <translation>附件</translation>
    </message>
    <message>
        <source>Copies of the pictures and documents you asked about.</source>
        <translation>你问过的图片和文档的副本。</translation>
    </message>
    <message>
        <source>Delete these copies? The conversations stay, but can no longer show their pictures and pages.</source>
        <translation>删除这些副本？对话会保留，但无法再显示其中的图片和页面。</translation>
    </message>
    <message>
        <source>Delete copies</source>
        <translation>删除副本</translation>
    </message>
    <message>
        <source>Drawn pages and recognised text</source>
        <translation>已绘制的页面和识别的文字</translation>
    </message>
    <message>
        <source>Saves drawing and reading them again.</source>
        <translation>免去再次绘制和识别。</translation>
    </message>
    <message>
        <source>Clear them? They are made again when they are needed.</source>
        <translation>清除这些内容？需要时会重新生成。</translation>
    </message>
    <message>
        <source>Clear</source>
        <translation>清除</translation>
    </message>
    <message>
        <source>What models have read</source>
        <translation>模型读过的内容</translation>
    </message>
    <message>
        <source>Pictures and conversations that a model need not read again.</source>
        <translation>模型无需再次读取的图片和对话。</translation>
    </message>
    <message>
        <source>Clear it? The next answer to an old question takes longer.</source>
        <translation>清除这些内容？下次在旧对话中提问时，回答会慢一些。</translation>
    </message>
    <message>
        <source>Logs</source>
        <translation>日志</translation>
    </message>
    <message>
        <source>What went wrong lately. They hold no questions, answers or keys.</source>
        <translation>最近出现的问题。不含提问、回答和密钥。</translation>
    </message>
    <message>
        <source>Clear the logs? They help to find out about a problem.</source>
        <translation>清除日志？日志有助于查明问题。</translation>
    </message>
    <message>
        <source>Keys are kept in the system&apos;s keychain only, and there is none here. On Linux, install GNOME Keyring or KWallet (a Secret Service) and start Sightline again; on Windows and macOS, see whether Python was told to use another keyring.</source>
        <translation>密钥只存放在系统钥匙串中，而此系统没有可用的钥匙串。在 Linux 上，请安装 GNOME Keyring 或 KWallet（Secret Service），然后重新启动 Sightline；在 Windows 和 macOS 上，请检查 Python 是否被设为使用其他钥匙串。</translation>
    </message>
    <message>
        <source>The keychain is locked. Unlock it, then try again.</source>
        <translation>钥匙串已锁定。请解锁后重试。</translation>
    </message>
    <message>
        <source>This is too long for a key, or not plain text. Copy it anew.</source>
        <translation>内容过长或不是纯文本，不能作为密钥。请重新复制。</translation>
    </message>
    <message>
        <source>The keychain did not do what it was asked. See whether other programs can use it.</source>
        <translation>钥匙串未能完成操作。请检查其他程序能否使用它。</translation>
    </message>
    <message>
        <source>Another hotkey of Sightline has these keys. Choose others.</source>
        <translation>Sightline 的另一个快捷键已使用这些按键。请换一个。</translation>
    </message>
    <message>
        <source>Another program or the desktop has these keys. Choose others, or free them there.</source>
        <translation>这些按键已被其他程序或桌面占用。请换一个，或在那里取消占用。</translation>
    </message>
    <message>
        <source>No key of this keyboard makes that. Choose other keys.</source>
        <translation>此键盘无法按出这个快捷键。请换一个。</translation>
    </message>
    <message>
        <source>The desktop did not allow it. Allow it in the desktop&apos;s settings of shortcuts, or press “Try again”.</source>
        <translation>桌面不允许使用。请在桌面的快捷键设置中允许，或点击“重试”。</translation>
    </message>
    <message>
        <source>Here, no program can listen for keys. Bind a command below to a key of the desktop, or use the tray.</source>
        <translation>这里的程序无法监听按键。请把下面的命令绑定到桌面的快捷键，或使用托盘。</translation>
    </message>
    <message>
        <source>Ask about the screen</source>
        <translation>询问屏幕内容</translation>
    </message>
    <message>
        <source>These keys, pressed in any program, let you choose a part of the screen.</source>
        <translation>在任何程序中按下，即可选择屏幕的一部分。</translation>
    </message>
    <message>
        <source>Ask about what is selected</source>
        <translation>询问所选内容</translation>
    </message>
    <message>
        <source>Or about what was copied last: text, a picture, or files.</source>
        <translation>没有选中内容时，询问最近复制的文字、图片或文件。</translation>
    </message>
    <message>
        <source>Record the screen</source>
        <translation>录制屏幕</translation>
    </message>
    <message>
        <source>Begins a recording, and ends it.</source>
        <translation>开始录制，再按一次结束。</translation>
    </message>
    <message>
        <source>Listen for keys through</source>
        <translation>监听按键的方式</translation>
    </message>
    <message>
        <source>Change it only if keys do nothing.</source>
        <translation>只有快捷键不起作用时才需要更改。</translation>
    </message>
    <message>
        <source>What works best here</source>
        <translation>自动选择</translation>
    </message>
    <message>
        <source>The desktop&apos;s portal</source>
        <translation>桌面门户 (portal)</translation>
    </message>
    <message>
        <source>The desktop&apos;s own shortcuts</source>
        <translation>桌面自身的快捷键</translation>
    </message>
    <message>
        <source>Quick actions</source>
        <translation>快捷操作</translation>
    </message>
    <message>
        <source>What the buttons below the question ask for. The words are yours to change.</source>
        <translation>问题下方各按钮的提问内容，文字可以随意修改。</translation>
    </message>
    <message>
        <source>Take pictures of the screen with</source>
        <translation>截图方式</translation>
    </message>
    <message>
        <source>Change it only if pictures are missing or wrong.</source>
        <translation>只有截图缺失或不正确时才需要更改。</translation>
    </message>
    <message>
        <source>The screen itself (mss)</source>
        <translation>直接读取屏幕 (mss)</translation>
    </message>
    <message>
        <source>Wait before the picture is taken</source>
        <translation>截图前等待</translation>
    </message>
    <message>
        <source>Time to open a menu that is to be on it.</source>
        <translation>留出时间打开要截取的菜单。</translation>
    </message>
    <message>
        <source>{number} s</source>
        <translation>{number} 秒</translation>
    </message>
    <message>
        <source>Stay in the tray when the window is closed</source>
        <translation>关闭窗口后留在托盘中</translation>
    </message>
    <message>
        <source>So that the keys go on working. Without a tray, closing the window quits.</source>
        <translation>这样快捷键仍然可用。没有托盘时，关闭窗口即退出。</translation>
    </message>
    <message>
        <source>Start when you log in</source>
        <translation>登录时启动</translation>
    </message>
    <message>
        <source>Without its window, so that the keys work from the beginning.</source>
        <translation>启动时不显示窗口，快捷键从一开始就可用。</translation>
    </message>
    <message>
        <source>Pictures a second in recordings</source>
        <translation>录像帧率</translation>
    </message>
    <message>
        <source>More look smoother, and make the computer work more.</source>
        <translation>每秒画面越多越流畅，电脑负担也越大。</translation>
    </message>
    <message>
        <source>Largest recording</source>
        <translation>录像大小上限</translation>
    </message>
    <message>
        <source>A recording ends by itself there, and is kept.</source>
        <translation>达到上限时自动结束并保留录像。</translation>
    </message>
    <message>
        <source>How recordings are written</source>
        <translation>录像编码</translation>
    </message>
    <message>
        <source>H.264 opens everywhere. VP9 makes the computer work more.</source>
        <translation>H.264 到处都能打开，VP9 会加重电脑负担。</translation>
    </message>
    <message>
        <source>Address of GLM</source>
        <translation>GLM 地址</translation>
    </message>
    <message>
        <source>Where your key comes from. A key of one address is not valid at another.</source>
        <translation>密钥的来源。一个地址的密钥在另一个地址无效。</translation>
    </message>
    <message>
        <source>International (api.z.ai)</source>
        <translation>国际 (api.z.ai)</translation>
    </message>
    <message>
        <source>China (open.bigmodel.cn)</source>
        <translation>中国 (open.bigmodel.cn)</translation>
    </message>
    <message>
        <source>International, Coding Plan</source>
        <translation>国际，编码套餐</translation>
    </message>
    <message>
        <source>China, Coding Plan</source>
        <translation>中国，编码套餐</translation>
    </message>
    <message>
        <source>Another address</source>
        <translation>其他地址</translation>
    </message>
    <message>
        <source>Another address of GLM</source>
        <translation>GLM 的其他地址</translation>
    </message>
    <message>
        <source>Such as that of a gateway in your company. The key of GLM is sent there.</source>
        <translation>例如公司网关的地址。GLM 的密钥会发送到那里。</translation>
    </message>
    <message>
        <source>Questions at once</source>
        <translation>同时提问数</translation>
    </message>
    <message>
        <source>For each model. More than the server allows are refused there; here they wait for their turn.</source>
        <translation>按模型计算。超出服务器限制的会被拒绝；在这里则排队等候。</translation>
    </message>
    <message>
        <source>{number} at once</source>
        <translation>同时 {number} 个</translation>
    </message>
    <message>
        <source>Proxy</source>
        <translation>代理</translation>
    </message>
    <message>
        <source>Such as http://proxy:3128. Empty for that of the system, “none” for no proxy at all.</source>
        <translation>例如 http://proxy:3128。留空使用系统代理，填 none 则不使用代理。</translation>
    </message>
    <message>
        <source>Certificates of your own</source>
        <translation>自有证书</translation>
    </message>
    <message>
        <source>A PEM file that is trusted besides those of the system.</source>
        <translation>除系统证书外也信任的 PEM 文件。</translation>
    </message>
    <message>
        <source>Currency</source>
        <translation>货币</translation>
    </message>
    <message>
        <source>In which the cost of answers is shown. It is an estimate, not a bill.</source>
        <translation>回答花费所用的货币。这是估算，不是账单。</translation>
    </message>
    <message>
        <source>A server with the OpenAI API</source>
        <translation>提供 OpenAI 接口的服务器</translation>
    </message>
</context>
<context>
    <name>SettingsDialog</name>
    <message>
        <source>Settings</source>
        <translation>设置</translation>
    </message>
    <message>
        <source>Search</source>
        <translation>搜索</translation>
    </message>
    <message>
        <source>Search the settings</source>
        <translation>搜索设置</translation>
    </message>
    <message>
        <source>Pages of settings</source>
        <translation>设置页面</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>No setting says that.</source>
        <translation>没有匹配的设置。</translation>
    </message>
    <message>
        <source>General</source>
        <translation>通用</translation>
    </message>
    <message>
        <source>Quick Ask</source>
        <translation>快速提问</translation>
    </message>
    <message>
        <source>Models</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>GLM and servers</source>
        <translation>GLM 与服务器</translation>
    </message>
    <message>
        <source>Privacy</source>
        <translation>隐私</translation>
    </message>
    <message>
        <source>Storage</source>
        <translation>存储</translation>
    </message>
    <message>
        <source>Keys</source>
        <translation>密钥</translation>
    </message>
    <message>
        <source>Keyboard</source>
        <translation>键盘</translation>
    </message>
    <message>
        <source>About</source>
        <translation>关于</translation>
    </message>
</context>
<context>
    <name>ShortcutsSheet</name>
    <message>
        <source>Keyboard shortcuts</source>
        <translation>键盘快捷键</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
</context>
<context>
    <name>ShotTile</name>
    <message>
        <source>Shot {number} of {count}</source>
        <translation>截图 {number}/{count}</translation>
    </message>
    <message>
        <source>Leave out shot {number}</source>
        <translation>移除截图 {number}</translation>
    </message>
</context>
<context>
    <name>Sidebar</name>
    <message>
        <source>Nothing found for “{query}”</source>
        <translation>没有找到“{query}”</translation>
    </message>
    <message>
        <source>New</source>
        <translation>新建</translation>
    </message>
    <message>
        <source>Search</source>
        <translation>搜索</translation>
    </message>
    <message>
        <source>Clear the search</source>
        <translation>清除搜索</translation>
    </message>
    <message>
        <source>Models</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>设置</translation>
    </message>
    <message>
        <source>Conversations</source>
        <translation>对话</translation>
    </message>
    <message>
        <source>Search results</source>
        <translation>搜索结果</translation>
    </message>
    <message>
        <source>Sidebar</source>
        <translation>侧边栏</translation>
    </message>
    <message>
        <source>What you ask is kept here, on this computer.</source>
        <translation>你的提问只保存在本机。</translation>
    </message>
    <message>
        <source>Pinned</source>
        <translation>已置顶</translation>
    </message>
    <message>
        <source>Untitled</source>
        <translation>无标题</translation>
    </message>
    <message>
        <source>d MMM</source>
        <translation>M月d日</translation>
    </message>
    <message>
        <source>d MMM yyyy</source>
        <translation>yyyy年M月d日</translation>
    </message>
    <message>
        <source>Today</source>
        <translation>今天</translation>
    </message>
    <message>
        <source>Yesterday</source>
        <translation>昨天</translation>
    </message>
    <message>
        <source>Previous 7 days</source>
        <translation>过去 7 天</translation>
    </message>
    <message>
        <source>MMMM</source>
        <translation>M月</translation>
    </message>
    <message>
        <source>MMMM yyyy</source>
        <translation>yyyy年M月</translation>
    </message>
    <message>
        <source>{title}, open now</source>
        <translation>{title}，当前打开</translation>
    </message>
    <message>
        <source>{title}, being answered</source>
        <translation>{title}，正在回答</translation>
    </message>
    <message>
        <source>Private conversation</source>
        <translation>无痕对话</translation>
    </message>
</context>
<context>
    <name>SpendingRow</name>
    <message>
        <source>Reckoned from tokens and list prices; your provider&apos;s bill is what counts.</source>
        <translation>按 token 数和标价估算；以服务商账单为准。</translation>
    </message>
    <message>
        <source>This month</source>
        <translation>本月</translation>
    </message>
    <message>
        <source>This month: nothing</source>
        <translation>本月：无</translation>
    </message>
    <message>
        <source>This month: {cost}</source>
        <translation>本月：{cost}</translation>
    </message>
    <message>
        <source>price unknown</source>
        <translation>价格未知</translation>
    </message>
    <message>
        <source>free of charge</source>
        <translation>免费</translation>
    </message>
    <message>
        <source>1 answer</source>
        <translation>1 个回答</translation>
    </message>
    <message>
        <source>{count} answers</source>
        <translation>{count} 个回答</translation>
    </message>
    <message>
        <source>{tokens} tokens</source>
        <translation>{tokens} 个 token</translation>
    </message>
</context>
<context>
    <name>StoragePage</name>
    <message>
        <source>Measuring…</source>
        <translation>正在统计…</translation>
    </message>
    <message>
        <source>{size} on this computer</source>
        <translation>本机占用 {size}</translation>
    </message>
    <message>
        <source>Models are not counted: they stay where you put them.</source>
        <translation>不含模型：模型文件仍在你存放的位置。</translation>
    </message>
</context>
<context>
    <name>Subject</name>
    <message>
        <source>1 picture</source>
        <translation>1 张图片</translation>
    </message>
    <message>
        <source>{count} pictures</source>
        <translation>{count} 张图片</translation>
    </message>
    <message>
        <source>1 page</source>
        <translation>1 页</translation>
    </message>
    <message>
        <source>{count} pages</source>
        <translation>{count} 页</translation>
    </message>
    <message>
        <source>1 slide</source>
        <translation>1 张幻灯片</translation>
    </message>
    <message>
        <source>{count} slides</source>
        <translation>{count} 张幻灯片</translation>
    </message>
    <message>
        <source>1 frame</source>
        <translation>1 帧</translation>
    </message>
    <message>
        <source>{count} frames</source>
        <translation>{count} 帧</translation>
    </message>
    <message>
        <source>page {number} of {count}</source>
        <translation>第 {number} / {count} 页</translation>
    </message>
    <message>
        <source>slide {number} of {count}</source>
        <translation>第 {number} / {count} 张</translation>
    </message>
    <message>
        <source>frame {number} of {count}</source>
        <translation>第 {number} / {count} 帧</translation>
    </message>
    <message>
        <source>picture {number} of {count}</source>
        <translation>第 {number} / {count} 张</translation>
    </message>
    <message>
        <source>part of a question</source>
        <translation>已用于提问</translation>
    </message>
    <message>
        <source>marked: {numbers}</source>
        <translation>标注：{numbers}</translation>
    </message>
    <message>
        <source>; </source>
        <translation>；</translation>
    </message>
</context>
<context>
    <name>Transcript</name>
    <message>
        <source>Conversation</source>
        <translation>对话</translation>
    </message>
</context>
<context>
    <name>Tray</name>
    <message>
        <source>Sightline is answering</source>
        <translation>Sightline 正在回答</translation>
    </message>
    <message>
        <source>Sightline is recording the screen</source>
        <translation>Sightline 正在录制屏幕</translation>
    </message>
</context>
<context>
    <name>TrayMenu</name>
    <message>
        <source>Stop recording</source>
        <translation>停止录制</translation>
    </message>
    <message>
        <source>Open Sightline</source>
        <translation>打开 Sightline</translation>
    </message>
    <message>
        <source>Recent conversations</source>
        <translation>最近的对话</translation>
    </message>
</context>
<context>
    <name>VersionBar</name>
    <message>
        <source>Version {number} of {count}</source>
        <translation>第 {number} 版，共 {count} 版</translation>
    </message>
    <message>
        <source>Version before</source>
        <translation>上一版本</translation>
    </message>
    <message>
        <source>Version after</source>
        <translation>下一版本</translation>
    </message>
</context>
<context>
    <name>Viewer</name>
    <message>
        <source>{name} cannot be saved there. Choose another folder.</source>
        <translation>无法把 {name} 保存到那里。请选择其他文件夹。</translation>
    </message>
</context>
<context>
    <name>ViewerActions</name>
    <message>
        <source>The picture was copied.</source>
        <translation>图片已复制。</translation>
    </message>
    <message>
        <source>Saved as {name}.</source>
        <translation>已保存为 {name}。</translation>
    </message>
</context>
<context>
    <name>ViewerFrame</name>
    <message>
        <source>Picture with marked places</source>
        <translation>带标注的图片</translation>
    </message>
    <message>
        <source>Viewer</source>
        <translation>查看器</translation>
    </message>
</context>
<context>
    <name>ViewerHeader</name>
    <message>
        <source>Switch between attachments</source>
        <translation>切换附件</translation>
    </message>
    <message>
        <source>Go to page</source>
        <translation>转到页面</translation>
    </message>
    <message>
        <source>Pixels of the screen for a hundred of the picture</source>
        <translation>图片每一百个像素对应的屏幕像素数</translation>
    </message>
</context>
<context>
    <name>ViewerMenu</name>
    <message>
        <source>Copy</source>
        <translation>复制</translation>
    </message>
    <message>
        <source>Ask about this text</source>
        <translation>询问这段文字</translation>
    </message>
    <message>
        <source>Select all text</source>
        <translation>选择全部文字</translation>
    </message>
    <message>
        <source>Read text</source>
        <translation>识别文字</translation>
    </message>
    <message>
        <source>Ask about this region</source>
        <translation>询问此区域</translation>
    </message>
    <message>
        <source>Frame a region</source>
        <translation>框选区域</translation>
    </message>
    <message>
        <source>Copy the region</source>
        <translation>复制区域</translation>
    </message>
    <message>
        <source>Copy picture</source>
        <translation>复制图片</translation>
    </message>
    <message>
        <source>Save picture…</source>
        <translation>保存图片…</translation>
    </message>
    <message>
        <source>Save with boxes…</source>
        <translation>保存带框的图片…</translation>
    </message>
    <message>
        <source>Links on this page</source>
        <translation>此页上的链接</translation>
    </message>
    <message>
        <source>Page {number}</source>
        <translation>第 {number} 页</translation>
    </message>
    <message>
        <source>Save picture</source>
        <translation>保存图片</translation>
    </message>
</context>
<context>
    <name>ViewerNotice</name>
    <message>
        <source>Reading the text…</source>
        <translation>正在识别文字…</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>停止</translation>
    </message>
    <message>
        <source>Stop reading the text</source>
        <translation>停止识别文字</translation>
    </message>
    <message>
        <source>Reading the text… {seconds} s</source>
        <translation>正在识别文字… {seconds} 秒</translation>
    </message>
</context>
<context>
    <name>ViewerText</name>
    <message>
        <source>No text was found.</source>
        <translation>未找到文字。</translation>
    </message>
    <message>
        <source>The text can be selected now.</source>
        <translation>现在可以选择文字了。</translation>
    </message>
    <message>
        <source>The text was copied.</source>
        <translation>文字已复制。</translation>
    </message>
</context>
<context>
    <name>ViewerTools</name>
    <message>
        <source>Previous page</source>
        <translation>上一页</translation>
    </message>
    <message>
        <source>Next page</source>
        <translation>下一页</translation>
    </message>
    <message>
        <source>Frame a region to ask about</source>
        <translation>框选区域来提问</translation>
    </message>
    <message>
        <source>Read text</source>
        <translation>识别文字</translation>
    </message>
    <message>
        <source>Zoom in</source>
        <translation>放大</translation>
    </message>
    <message>
        <source>Zoom out</source>
        <translation>缩小</translation>
    </message>
    <message>
        <source>Show the whole picture</source>
        <translation>显示整张图片</translation>
    </message>
    <message>
        <source>Viewer tools</source>
        <translation>查看器工具</translation>
    </message>
</context>
<context>
    <name>_KindRow</name>
    <message>
        <source>Open folder</source>
        <translation>打开文件夹</translation>
    </message>
    <message>
        <source>Open the folder of: {name}</source>
        <translation>打开文件夹：{name}</translation>
    </message>
    <message>
        <source>Clear: {name}</source>
        <translation>清除：{name}</translation>
    </message>
    <message>
        <source>Clear…</source>
        <translation>清除…</translation>
    </message>
    <message>
        <source>Keep</source>
        <translation>保留</translation>
    </message>
</context>
</TS>
