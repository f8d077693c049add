"""How does HR's report become a page to read, a table to reckon with, and charts?"""

from __future__ import annotations
