"""Flask-SocketIO as its documentation shows it: rooms, and a message for everybody else in the room."""

import sys

import eventlet

eventlet.monkey_patch()

from flask import Flask, request
from flask_socketio import SocketIO, emit, join_room

app = Flask(__name__)
chat = SocketIO(app, async_mode="eventlet", cors_allowed_origins="*")
rooms = {}


@chat.on("join")
def join(room):
    join_room(room)
    rooms[request.sid] = room
    emit("joined", room)


@chat.on("m")
def message(text):
    emit("m", text, to=rooms[request.sid], include_self=False)


@chat.on("disconnect")
def leave(*_):
    rooms.pop(request.sid, None)


chat.run(app, host="127.0.0.1", port=int(sys.argv[1]))
