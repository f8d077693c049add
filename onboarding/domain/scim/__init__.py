"""SCIM 2.0 (RFC 7643, RFC 7644): what an identity provider may keep with us, and how it changes it."""
