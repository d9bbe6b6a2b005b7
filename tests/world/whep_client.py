"""A WHEP client that nobody here wrote: aiortc. Plays a camera and says on one line of JSON what it saw.

Usage: whep_client.py URL SECONDS, the view token on standard input.
"""

import asyncio
import json
import logging
import sys
import time
import urllib.error
import urllib.request
from urllib.parse import urljoin

from aiortc import RTCPeerConnection, RTCSessionDescription

logging.disable(logging.CRITICAL)


def request(method, url, token, body=None):
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/sdp"}
    return urllib.request.urlopen(urllib.request.Request(url, body, headers, method=method), timeout=10)


async def play(url, token, seconds):
    peer = RTCPeerConnection()
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
    await asyncio.sleep(seconds)
    seen["deleted"] = (await asyncio.to_thread(request, "DELETE", session, token)).status
    for watcher in watchers:
        watcher.cancel()
    await peer.close()
    return seen


try:
    print(json.dumps(asyncio.run(play(sys.argv[1], sys.stdin.read().strip(), float(sys.argv[2])))))
except urllib.error.HTTPError as refused:
    print(json.dumps({"status": refused.code, "body": refused.read().decode()}))
