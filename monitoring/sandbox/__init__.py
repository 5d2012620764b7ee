"""Opens what strangers hand in: a child without network, files, secrets or much of anything, whose answer is JSON.

Python's standard library only; knows no Django, no science library and no check. See README of the app and
docs/decisions/2026-11-28-artefacts-are-opened-in-a-sandbox.md.
"""
