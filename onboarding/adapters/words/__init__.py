"""HR's folder of templates, as the engine reads it."""

from onboarding.adapters.words.folder import FolderWords

__all__ = ["FolderWords"]
