<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="zh_CN" sourcelanguage="en">
<context>
    <name>AnswerFooter</name>
    <message>
        <source>Copy</source>
        <translation>复制</translation>
    </message>
    <message>
        <source>Copy the answer as Markdown</source>
        <translation>以 Markdown 格式复制回答</translation>
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
</context>
<context>
    <name>Attachment</name>
    <message>
        <source>{part} of {count}</source>
        <translation>{part}，共 {count}</translation>
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
    <name>Collecting</name>
    <message>
        <source>Pasted picture</source>
        <translation>粘贴的图片</translation>
    </message>
</context>
<context>
    <name>Composer</name>
    <message>
        <source>Ask about what is attached…</source>
        <translation>就附带的图片提问…</translation>
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
    <name>Controller</name>
    <message>
        <source>The settings could not be read and start anew. The old file is kept as {name}.</source>
        <translation>无法读取设置，已恢复为默认值。旧文件保留为 {name}。</translation>
    </message>
    <message>
        <source>The model cannot be used</source>
        <translation>无法使用该模型</translation>
    </message>
    <message>
        <source>Ready</source>
        <translation>已就绪</translation>
    </message>
    <message>
        <source>Stopping…</source>
        <translation>正在停止…</translation>
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
        <source>, </source>
        <translation>，</translation>
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
        <source>On this computer</source>
        <translation>在本机运行</translation>
    </message>
    <message>
        <source>Where your questions and pictures go</source>
        <translation>您的问题和图片的去向</translation>
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
        <source>Choose a model…</source>
        <translation>选择模型…</translation>
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
        <source>Sightline answers with a GLM-4.6V model on this computer. Nothing you ask leaves it.</source>
        <translation>Sightline 在本机用 GLM-4.6V 模型回答，提问不会外传。</translation>
    </message>
    <message>
        <source>Or drop a .gguf file anywhere in the window. Its projector (mmproj) is found beside it.</source>
        <translation>也可以把 .gguf 文件拖进窗口。同一文件夹中的投影器 (mmproj) 会自动找到。</translation>
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
    <name>MainWindow</name>
    <message>
        <source>Pictures ({kinds})</source>
        <translation>图片 ({kinds})</translation>
    </message>
    <message>
        <source>All files (*)</source>
        <translation>所有文件 (*)</translation>
    </message>
    <message>
        <source>Open files</source>
        <translation>打开文件</translation>
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
    <name>Reduction</name>
    <message>
        <source>{name} is sent with {sent} % of the detail that is read well.</source>
        <translation>{name} 以清晰阅读所需细节的 {sent} % 发送。</translation>
    </message>
    <message>
        <source>{name}: {sent} of {total} pages are sent as text, without their pictures.</source>
        <translation>{name}：{total} 页中有 {sent} 页只发送文字，不含画面。</translation>
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
    <name>Refusal</name>
    <message>
        <source>There is no file {name}. It may have been moved or renamed.</source>
        <translation>找不到文件 {name}，可能已被移动或改名。</translation>
    </message>
    <message>
        <source>{name} cannot be read. It may be a folder, or you may lack the permission.</source>
        <translation>无法读取 {name}。它可能是文件夹，或者您没有权限。</translation>
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
        <translation>读取 {name} 时出错。文件可能已损坏；其他内容不受影响。</translation>
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
    <name>Transcript</name>
    <message>
        <source>Conversation</source>
        <translation>对话</translation>
    </message>
</context>
<context>
    <name>Viewer</name>
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
        <source>Pixels of the screen for a hundred of the picture</source>
        <translation>图片每一百个像素对应的屏幕像素数</translation>
    </message>
    <message>
        <source>Picture with marked places</source>
        <translation>带标注的图片</translation>
    </message>
    <message>
        <source>Viewer</source>
        <translation>查看器</translation>
    </message>
</context>
</TS>
