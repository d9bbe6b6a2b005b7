"""A WHEP client that nobody here wrote: aiortc. Plays a camera and says again and again, a line of JSON each, what it has seen so far.

Usage: whep_client.py URL SECONDS, the view token on standard input. It plays for SECONDS from the first picture on and hangs up; the
last line says how that was answered.
"""

import asyncio
import json
import logging
import sys
import time
import urllib.error
import urllib.request
from urllib.parse import urljoin

from aiortc import RTCConfiguration, RTCPeerConnection, RTCSessionDescription

logging.disable(logging.CRITICAL)


def request(method, url, token, body=None):
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/sdp"}
    return urllib.request.urlopen(urllib.request.Request(url, body, headers, method=method), timeout=10)


def say(what):
    print(json.dumps(what), flush=True)


async def play(url, token, seconds):
    # No STUN server: nobody outside this machine is asked.
    peer = RTCPeerConnection(RTCConfiguration(iceServers=[]))
    peer.addTransceiver("video", direction="recvonly")
    seen = {"frames": 0, "width": 0, "height": 0, "changed": False}
    first = None

    async def watch(track):
        nonlocal first
        while True:
            frame = await track.recv()
            pixels = frame.to_ndarray(format="gray")
            first = pixels if first is None else first
            seen["frames"] += 1
            seen["width"], seen["height"] = frame.width, frame.height
            seen["changed"] |= bool((pixels != first).any())

    watchers = []
    peer.on("track", lambda track: watchers.append(asyncio.ensure_future(watch(track))))
    await peer.setLocalDescription(await peer.createOffer())
    began = time.monotonic()
    answer = await asyncio.to_thread(request, "POST", url, token, peer.localDescription.sdp.encode())
    session = urljoin(url, answer.headers["Location"])
    await peer.setRemoteDescription(RTCSessionDescription(answer.read().decode(), "answer"))
    while seen["frames"] == 0 and time.monotonic() - began < 15:
        await asyncio.sleep(0.01)
    seen["first_frame_ms"] = round((time.monotonic() - began) * 1000)
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        say(seen)
        await asyncio.sleep(0.1)
    seen["deleted"] = (await asyncio.to_thread(request, "DELETE", session, token)).status
    for watcher in watchers:
        watcher.cancel()
    await peer.close()
    say(seen)


try:
    asyncio.run(play(sys.argv[1], sys.stdin.read().strip(), float(sys.argv[2])))
except urllib.error.HTTPError as refused:
    say({"status": refused.code, "body": refused.read().decode()})
