"""A camera that nobody here wrote: GStreamer's RTSP server with digest authentication.

rtsp_server.py PORT USER PASSWORD CODEC. Prints the port when it listens, and runs until it is killed.
Streams: /plain (H.264, A-law), /bframes (H.264 with B-frames), /h265, /open (H.265 whose groups are open, with pictures that are shown before the
key frame that they follow), /set (in CODEC: h264 or h265), /vp8 (neither), all over TCP and UDP;
/black, /grey, /frozen (one picture for ever) and /noise (the same with the noise of a sensor), coded as a camera does that has run for long.
"""

import sys

import gi

gi.require_version("Gst", "1.0")
gi.require_version("GstRtsp", "1.0")
gi.require_version("GstRtspServer", "1.0")
from gi.repository import GLib, Gst, GstRtsp, GstRtspServer  # noqa: E402

PICTURE = "videotestsrc is-live=true pattern=ball ! video/x-raw,width=640,height=360,framerate=25/1"
SMALL = "videotestsrc is-live=true pattern=ball ! video/x-raw,format=I420,width=320,height=180,framerate=15/1"
H264 = "x264enc tune=zerolatency speed-preset=ultrafast key-int-max=15 ! rtph264pay name=pay0 pt=96"
# Parameter sets come in the stream too, as cameras send them.
H265 = "x265enc tune=zerolatency speed-preset=ultrafast key-int-max=15 ! h265parse ! rtph265pay config-interval=-1 name=pay0 pt=96"
OPEN = "bframes=2:b-adapt=0:open-gop=1:rc-lookahead=4:scenecut=0"
RAW = "video/x-raw,width=640,height=360,framerate=25/1"
# Its quality does not wander as that of an encoder does that has just begun.
SETTLED = "x264enc tune=zerolatency speed-preset=ultrafast key-int-max=25 pass=quant quantizer=26 ! rtph264pay name=pay0 pt=96"
ROOM = f"videotestsrc num-buffers=1 pattern=zone-plate kx2=20 ky2=20 ! {RAW} ! imagefreeze is-live=true ! {RAW}"
SNOW = f"videotestsrc is-live=true pattern=snow ! {RAW}"
STREAMS = {
    "/black": f"( videotestsrc is-live=true pattern=black ! {RAW} ! {SETTLED} )",
    "/grey": f"( videotestsrc is-live=true pattern=solid-color foreground-color=0xff808080 ! {RAW} ! {SETTLED} )",
    "/frozen": f"( {ROOM} ! {SETTLED} )",
    "/noise": f"( compositor name=sensor sink_1::alpha=0.03 ! {RAW} ! {SETTLED} {ROOM} ! queue ! sensor. {SNOW} ! queue ! sensor. )",
    "/plain": f"( {PICTURE} ! x264enc tune=zerolatency speed-preset=ultrafast key-int-max=25 bitrate=500 ! rtph264pay name=pay0 pt=96 "
    "audiotestsrc is-live=true volume=0.1 ! audio/x-raw,rate=8000,channels=1 ! alawenc ! rtppcmapay name=pay1 pt=8 )",
    "/bframes": f"( {PICTURE} ! x264enc speed-preset=superfast bframes=2 b-adapt=false key-int-max=25 bitrate=500 ! video/x-h264,profile=main ! rtph264pay name=pay0 pt=96 )",
    "/h265": f"( {SMALL} ! {H265} )",
    "/open": f"( {SMALL} ! x265enc speed-preset=ultrafast key-int-max=15 option-string={OPEN} ! rtph265pay name=pay0 pt=96 )",
    "/vp8": f"( {SMALL} ! vp8enc deadline=1 ! rtpvp8pay name=pay0 pt=96 )",
}

port, user, password, codec = sys.argv[1:]
STREAMS["/set"] = f"( {SMALL} ! {H264 if codec == 'h264' else H265} )"
Gst.init(None)
server = GstRtspServer.RTSPServer.new()
server.set_address("127.0.0.1")
server.set_service(port)

auth = GstRtspServer.RTSPAuth.new()
auth.set_supported_methods(GstRtsp.RTSPAuthMethod.DIGEST)
token = GstRtspServer.RTSPToken.new()
token.set_string("media.factory.role", "viewer")
auth.add_digest(user, password, token)
server.set_auth(auth)

for path, pipeline in STREAMS.items():
    factory = GstRtspServer.RTSPMediaFactory.new()
    factory.set_launch(pipeline)
    factory.set_shared(True)
    factory.add_role_from_structure(
        Gst.Structure.from_string("viewer, media.factory.access=true, media.factory.construct=true")[0]
    )
    server.get_mount_points().add_factory(path, factory)

if server.attach(None) == 0:
    sys.exit("cannot listen")
print(server.get_bound_port(), flush=True)
GLib.MainLoop().run()
