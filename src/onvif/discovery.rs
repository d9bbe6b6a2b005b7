//! WS-Discovery 1.1 as ONVIF uses it (ONVIF Core Specification §7): a question to everybody, or to some, and who answers.

use super::{target::PORT, xml::Element};
use crate::{clock::monotonic, media::Reach};
use socket2::{Domain, Protocol, SockRef, Socket, Type};
use std::{
    collections::BTreeMap,
    io,
    net::{IpAddr, Ipv4Addr, SocketAddr},
    time::Duration,
};
use tokio::{
    net::UdpSocket,
    time::{Instant, timeout_at},
};
use url::Url;

/// Everybody who can be found is addressed so.
const EVERYBODY: Ipv4Addr = Ipv4Addr::new(239, 255, 255, 250);
/// How long answers are waited for after the last question. Devices wait half a second at most before they answer.
const WAIT: Duration = Duration::from_secs(3);
/// Between two questions to single addresses: a hundred a second trouble no network.
const BETWEEN: Duration = Duration::from_millis(10);
/// How many answers are looked at, whoever sends them.
const MOST_ANSWERS: usize = 1_000;
/// How many devices are told of.
const MOST_DEVICES: usize = 256;
/// The largest datagram.
const DATAGRAM: usize = 64 * 1024;

/// A device that answered. What it says of itself is a stranger's word.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Device {
    /// Where its services are.
    pub address: SocketAddr,
    /// What it calls itself.
    pub name: Option<String>,
    /// What it is.
    pub hardware: Option<String>,
}

/// Asks `targets` one by one, or everybody when there are none, and gathers who answers within some seconds, sorted by address.
///
/// # Errors
/// When this machine lets nothing be sent.
pub async fn find(targets: &[SocketAddr], reach: Reach) -> io::Result<Vec<Device>> {
    let message = uuid::Uuid::new_v4().urn().to_string();
    let question = question(&message);
    let mut devices = BTreeMap::new();
    for socket in sockets(targets)? {
        ask(&socket, targets, &question).await?;
        listen(&socket, &message, reach, &mut devices).await;
    }
    Ok(devices.into_values().collect())
}

/// One socket for single addresses; for everybody one that asks on all interfaces.
fn sockets(targets: &[SocketAddr]) -> io::Result<Vec<UdpSocket>> {
    let v6 = targets.first().is_some_and(SocketAddr::is_ipv6);
    let domain = if v6 { Domain::IPV6 } else { Domain::IPV4 };
    let socket = Socket::new(domain, Type::DGRAM, Some(Protocol::UDP))?;
    socket.set_nonblocking(true)?;
    let any: SocketAddr = if v6 { ([0_u16; 8], 0).into() } else { ([0_u8; 4], 0).into() };
    socket.bind(&any.into())?;
    Ok(vec![UdpSocket::from_std(socket.into())?])
}

async fn ask(socket: &UdpSocket, targets: &[SocketAddr], question: &str) -> io::Result<()> {
    if !targets.is_empty() {
        for target in targets {
            // An address where nobody can be is no reason to leave the others out.
            let _ = socket.send_to(question.as_bytes(), target).await;
            tokio::time::sleep(BETWEEN).await;
        }
        return Ok(());
    }
    let interfaces = rtc_shared::ifaces::ifaces().unwrap_or_default();
    let addresses = interfaces.iter().filter_map(|interface| match interface.addr?.ip() {
        IpAddr::V4(address) => Some(address),
        IpAddr::V6(_) => None,
    });
    let mut asked = Err(io::ErrorKind::NetworkUnreachable.into());
    for address in addresses {
        SockRef::from(socket).set_multicast_if_v4(&address)?;
        let sent = socket.send_to(question.as_bytes(), (EVERYBODY, PORT)).await;
        asked = asked.or(sent.map(drop));
    }
    asked
}

async fn listen(socket: &UdpSocket, message: &str, reach: Reach, devices: &mut BTreeMap<SocketAddr, Device>) {
    let end = Instant::from_std(monotonic()) + WAIT;
    let mut datagram = vec![0; DATAGRAM];
    for _ in 0..MOST_ANSWERS {
        // An address that refuses is told as an error of the socket; the others still answer.
        let Ok(received) = timeout_at(end, socket.recv_from(&mut datagram)).await else { return };
        let Ok((length, from)) = received else { continue };
        if reach.takes(from.ip())
            && devices.len() < MOST_DEVICES
            && let Some(device) = answer(&datagram[..length], from.ip(), message)
        {
            devices.insert(device.address, device);
        }
    }
}

/// The question (WS-Discovery 1.1 §5.2).
fn question(message: &str) -> String {
    format!(
        r#"<?xml version="1.0" encoding="UTF-8"?><e:Envelope xmlns:e="http://www.w3.org/2003/05/soap-envelope" xmlns:w="http://schemas.xmlsoap.org/ws/2004/08/addressing" xmlns:d="http://schemas.xmlsoap.org/ws/2005/04/discovery" xmlns:dn="http://www.onvif.org/ver10/network/wsdl"><e:Header><w:MessageID>{message}</w:MessageID><w:To e:mustUnderstand="true">urn:schemas-xmlsoap-org:ws:2005:04:discovery</w:To><w:Action e:mustUnderstand="true">http://schemas.xmlsoap.org/ws/2005/04/discovery/Probe</w:Action></e:Header><e:Body><d:Probe><d:Types>dn:NetworkVideoTransmitter</d:Types></d:Probe></e:Body></e:Envelope>"#
    )
}

/// The device that answers our `message` from the address `from`; `None` when it is something else.
fn answer(datagram: &[u8], from: IpAddr, message: &str) -> Option<Device> {
    let document = Element::parse(datagram)?;
    if document.text_at(&["Header", "RelatesTo"])? != message {
        return None;
    }
    let found = document.find("ProbeMatch")?;
    let ports = found.text_at(&["XAddrs"])?.split_whitespace().filter_map(http_port);
    let port = ports.into_iter().next()?;
    let scope = |name: &str| {
        let scopes = found.text_at(&["Scopes"])?.split_whitespace();
        let mut values =
            scopes.filter_map(|scope| scope.strip_prefix("onvif://www.onvif.org/")?.strip_prefix(name)?.strip_prefix('/'));
        values.next().map(unescaped).filter(|value| !value.is_empty())
    };
    Some(Device { address: SocketAddr::new(from, port), name: scope("name"), hardware: scope("hardware") })
}

/// The port of a service; its host is what the answer came from, whatever it says.
fn http_port(address: &str) -> Option<u16> {
    Url::parse(address).ok().filter(|url| url.scheme() == "http")?.port_or_known_default()
}

/// A scope is a URI: what stands in it is percent-encoded.
fn unescaped(text: &str) -> String {
    let pairs = format!("x={}", text.replace('+', "%2B").replace('&', "%26"));
    url::form_urlencoded::parse(pairs.as_bytes()).next().map(|(_, value)| value.into_owned()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    const CAMERA: IpAddr = IpAddr::V4(Ipv4Addr::new(192, 168, 1, 64));

    fn match_of(relates_to: &str, addresses: &str) -> String {
        format!(
            "<e:Envelope xmlns:e='s'><e:Header><w:RelatesTo>{relates_to}</w:RelatesTo></e:Header><e:Body><d:ProbeMatches><d:ProbeMatch>\
             <d:Scopes>onvif://www.onvif.org/type/video_encoder onvif://www.onvif.org/name/HIK%20VISION onvif://www.onvif.org/hardware/DS-2CD\
             </d:Scopes><d:XAddrs>{addresses}</d:XAddrs></d:ProbeMatch></d:ProbeMatches></e:Body></e:Envelope>"
        )
    }

    #[test]
    fn a_device_is_where_its_answer_came_from_whatever_it_says() {
        for addresses in
            ["http://0.0.0.0:8000/onvif/device_service", "https://a/x http://10.9.9.9:8000/onvif/device_service http://b/"]
        {
            let device = answer(match_of("urn:uuid:1", addresses).as_bytes(), CAMERA, "urn:uuid:1").unwrap();
            assert_eq!(device.address, SocketAddr::new(CAMERA, 8000));
            assert_eq!((device.name.as_deref(), device.hardware.as_deref()), (Some("HIK VISION"), Some("DS-2CD")));
        }
    }

    #[test]
    fn answers_to_others_and_what_is_no_answer_are_passed_over() {
        for answered in [
            match_of("urn:uuid:2", "http://a/"),
            match_of("urn:uuid:1", "rtsp://a/"),
            match_of("urn:uuid:1", ""),
            question("urn:uuid:1"),
            String::new(),
        ] {
            assert_eq!(answer(answered.as_bytes(), CAMERA, "urn:uuid:1"), None, "{answered}");
        }
    }

    #[test]
    fn the_question_is_well_formed() {
        let question = Element::parse(question("urn:uuid:1").as_bytes()).unwrap();
        assert_eq!(question.text_at(&["Header", "MessageID"]), Some("urn:uuid:1"));
        assert_eq!(question.text_at(&["Body", "Probe", "Types"]), Some("dn:NetworkVideoTransmitter"));
    }
}
