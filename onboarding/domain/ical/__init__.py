"""When is somebody busy, as their calendar in the text of RFC 5545 says?"""
