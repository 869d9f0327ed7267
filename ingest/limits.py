"""How much of anything is taken in. Everything beyond is refused with `TooLarge`, or left out with a warning; never silently."""

from __future__ import annotations

PICTURE_BYTES_MAX = 256 << 20
PLAIN_PICTURE_BYTES_MAX = 4 << 30
"""Of a TIFF or PNG, which may be stored without compression and are read in bands. TIFF ends here by itself."""
TEXT_BYTES_MAX = 32 << 20
ARCHIVE_BYTES_MAX = 1 << 30
"""All parts of a zip archive (pptx, docx, xlsx, epub) unpacked."""
ARCHIVE_ENTRIES_MAX = 20_000
ARCHIVE_RATIO_MAX = 200
"""Unpacked to packed; office files stay below 100."""
ARCHIVE_RATIO_BYTES_MIN = 1 << 20
"""Up to here the ratio does not matter."""
PICTURE_SIDE_MAX_PX = 30_000
PICTURE_PIXELS_MAX = 900_000_000
PAGES_MAX = 100_000
RENDER_PIXELS_MAX = 40_000_000
"""Of one rendered page or frame."""
PAGE_CHARACTERS_MAX = 400_000
PAGE_WORDS_MAX = 50_000
OUTLINE_ENTRIES_MAX = 10_000
SUBTITLES_MAX = 20_000
FRAMES_MAX = 640
"""What GLM-4.6V was trained with (transformers glm46v video processor)."""

READER_MEMORY_BYTES = 2 << 30
"""Resident memory of one reading child."""
READER_KEPT_BYTES = 500 << 20
"""What a child may still take when it turns to another file; one that takes more is replaced."""
OPEN_DOCUMENTS_MAX = 8
"""How many a child keeps open."""
RECOGNITION_MEMORY_BYTES = 3 << 30
OPEN_SECONDS = 60.0
PAGE_SECONDS = 30.0
PICTURE_SECONDS = 180.0
"""The largest picture allowed takes 45 s of a processor; see `ingest.image_bands`."""
CONVERT_SECONDS = 180.0
"""For an office program that converts a whole deck."""
RECOGNITION_SECONDS = 90.0
"""For one picture, loading included."""
IDLE_SECONDS = 120.0
"""A child that has nothing to do for so long ends and gives its memory back."""
