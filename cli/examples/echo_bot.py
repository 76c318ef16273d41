#!/usr/bin/env python3
"""A bot in another language, with nothing but the standard library.

    roomkey bot -- python3 cli/examples/echo_bot.py

Every event is one line of JSON on standard input, every command one line on standard output. What the bot wants to
tell its operator goes to standard error.
"""

import json
import sys


def command(**fields):
    print(json.dumps(fields), flush=True)


for line in sys.stdin:
    event = json.loads(line)
    kind = event["event"]
    if kind == "ready":
        print(f"in the room as {event['you']['name']}", file=sys.stderr)
    elif kind == "message" and not event["mine"] and not event["replayed"]:
        text = event["text"]
        if text == "goodbye":
            command(command="leave")
        elif event["private"]:
            # What was said in private is answered in private.
            command(command="say_to", to=event["from"]["id"], text=f"you said: {text}")
        else:
            command(command="say", text=f"{event['from']['name']} said: {text}", reply_to=event["id"])
