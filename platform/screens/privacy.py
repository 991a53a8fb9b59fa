"""Screens know no people."""

from common.privacy import Room

ROOM = Room(not_personal="Screen.name Screen.place Screen.digest")
