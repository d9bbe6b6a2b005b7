//! The two families of SRTP ciphers behind one face.

use super::{
    ENCRYPTED, INDEX_WORD, RTCP_HEADER, SrtpError,
    keys::{Label, Master, Profile, SALT, counter_key, key_stream},
    read_u32,
};
use aws_lc_rs::{
    aead::{AES_128_GCM, AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey},
    cipher::EncryptingKey,
    constant_time::verify_slices_are_equal,
    hmac,
};
use zeroize::Zeroizing;

const GCM_TAG: usize = 16;
const SHA1_TAG: usize = 10;
const SHA1_KEY: usize = 20;
const GCM_SALT: usize = 12;

/// The session keys for RTP or for RTCP of one side.
#[expect(clippy::large_enum_variant, reason = "a box would be one more jump for every packet")]
pub(super) enum Cipher {
    /// RFC 7714.
    Gcm { key: LessSafeKey, salt: [u8; GCM_SALT] },
    /// RFC 3711: AES in counter mode, and HMAC-SHA1 cut to 80 bits.
    CmSha1 { key: EncryptingKey, salt: [u8; SALT], mac: hmac::Key },
}

impl Cipher {
    /// Derives the session keys for `label`.
    pub(super) fn new(profile: Profile, master: &Master, label: Label) -> Result<Self, SrtpError> {
        let label = label as u8;
        let mut key = Zeroizing::new([0; 32]);
        let key = &mut key[..if profile == Profile::Aes256Gcm { 32 } else { 16 }];
        master.derive(label, key)?;
        let mut salt = [0; SALT];
        master.derive(label + 2, &mut salt)?;
        match profile {
            Profile::Aes128Gcm | Profile::Aes256Gcm => Self::gcm(key, salt.first_chunk().ok_or(SrtpError)?),
            Profile::Aes128CmSha1 => {
                let mut mac = Zeroizing::new([0; SHA1_KEY]);
                master.derive(label + 1, &mut *mac)?;
                Self::cm_sha1(key, salt, &*mac)
            }
        }
    }

    pub(super) fn gcm(key: &[u8], salt: &[u8; GCM_SALT]) -> Result<Self, SrtpError> {
        let algorithm = if key.len() == 32 { &AES_256_GCM } else { &AES_128_GCM };
        let key = UnboundKey::new(algorithm, key).map_err(|_| SrtpError)?;
        Ok(Self::Gcm { key: LessSafeKey::new(key), salt: *salt })
    }

    pub(super) fn cm_sha1(key: &[u8], salt: [u8; SALT], mac: &[u8]) -> Result<Self, SrtpError> {
        let mac = hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, mac);
        Ok(Self::CmSha1 { key: counter_key(key)?, salt, mac })
    }

    pub(super) fn tag(&self) -> usize {
        match self {
            Self::Gcm { .. } => GCM_TAG,
            Self::CmSha1 { .. } => SHA1_TAG,
        }
    }

    /// RFC 7714 §7 and §8.1, RFC 3711 §3.1 and §4.1.1. `index` is the 48-bit packet index.
    pub(super) fn seal_rtp(&self, packet: &mut [u8], header: usize, ssrc: u32, index: u64) -> Result<(), SrtpError> {
        let payload_end = packet.len().checked_sub(self.tag()).filter(|end| *end >= header).ok_or(SrtpError)?;
        let (packet, tag_room) = packet.split_at_mut(payload_end);
        match self {
            Self::Gcm { key, salt } => {
                let (header, payload) = packet.split_at_mut(header);
                let tag = key.seal_in_place_separate_tag(gcm_nonce(salt, ssrc, index), Aad::from(&*header), payload);
                tag_room.copy_from_slice(tag.map_err(|_| SrtpError)?.as_ref());
            }
            Self::CmSha1 { key, salt, mac } => {
                key_stream(key, cm_counter(salt, ssrc, index), &mut packet[header..])?;
                let rollover = u32::try_from(index >> 16).map_err(|_| SrtpError)?;
                tag_room.copy_from_slice(&sha1_tag(mac, packet, &rollover.to_be_bytes()));
            }
        }
        Ok(())
    }

    /// RFC 7714 §9, RFC 3711 §3.4.
    pub(super) fn seal_rtcp(&self, packet: &mut Vec<u8>, ssrc: u32, index: u32) -> Result<(), SrtpError> {
        let word = (ENCRYPTED | index).to_be_bytes();
        match self {
            Self::Gcm { key, salt } => {
                let (header, rest) = packet.split_at_mut(RTCP_HEADER);
                let nonce = gcm_nonce(salt, ssrc, u64::from(index));
                let tag = key.seal_in_place_separate_tag(nonce, Aad::from(rtcp_aad(header, word)?), rest).map_err(|_| SrtpError)?;
                packet.extend_from_slice(tag.as_ref());
                packet.extend_from_slice(&word);
            }
            Self::CmSha1 { key, salt, mac } => {
                key_stream(key, cm_counter(salt, ssrc, u64::from(index)), &mut packet[RTCP_HEADER..])?;
                packet.extend_from_slice(&word);
                let tag = sha1_tag(mac, packet, &[]);
                packet.extend_from_slice(&tag);
            }
        }
        Ok(())
    }

    /// The other way round; returns the index and the length of the open packet. `is_new` is asked before any work is done.
    pub(super) fn open_rtcp(&self, packet: &mut [u8], ssrc: u32, is_new: impl Fn(u32) -> bool) -> Result<(u32, usize), SrtpError> {
        let end = packet.len().checked_sub(self.tag() + INDEX_WORD).filter(|end| *end >= RTCP_HEADER).ok_or(SrtpError)?;
        let word_at = if matches!(self, Self::Gcm { .. }) { packet.len() - INDEX_WORD } else { end };
        let word = read_u32(packet, word_at)?;
        let index = word & !ENCRYPTED;
        if word & ENCRYPTED == 0 || !is_new(index) {
            return Err(SrtpError);
        }
        match self {
            Self::Gcm { key, salt } => {
                let (header, rest) = packet[..word_at].split_at_mut(RTCP_HEADER);
                let aad = Aad::from(rtcp_aad(header, word.to_be_bytes())?);
                key.open_in_place(gcm_nonce(salt, ssrc, u64::from(index)), aad, rest).map_err(|_| SrtpError)?;
            }
            Self::CmSha1 { key, salt, mac } => {
                let (authentic, tag) = packet.split_at_mut(end + INDEX_WORD);
                verify_slices_are_equal(&sha1_tag(mac, authentic, &[]), tag).map_err(|_| SrtpError)?;
                key_stream(key, cm_counter(salt, ssrc, u64::from(index)), &mut authentic[RTCP_HEADER..end])?;
            }
        }
        Ok((index, end))
    }
}

/// RFC 7714 §8.1 and §9.1: two zero bytes, the SSRC and the 48-bit index, under the salt.
fn gcm_nonce(salt: &[u8; GCM_SALT], ssrc: u32, index: u64) -> Nonce {
    let mut nonce = *salt;
    under(&mut nonce[2..6], &ssrc.to_be_bytes());
    under(&mut nonce[6..12], &index.to_be_bytes()[2..]);
    Nonce::assume_unique_for_key(nonce)
}

/// RFC 3711 §4.1.1: the SSRC and the index under the salt, and room for the block counter.
fn cm_counter(salt: &[u8; SALT], ssrc: u32, index: u64) -> [u8; 16] {
    let mut counter = [0; 16];
    counter[..SALT].copy_from_slice(salt);
    under(&mut counter[4..8], &ssrc.to_be_bytes());
    under(&mut counter[8..14], &index.to_be_bytes()[2..]);
    counter
}

fn under(bytes: &mut [u8], mask: &[u8]) {
    bytes.iter_mut().zip(mask).for_each(|(byte, mask)| *byte ^= mask);
}

fn rtcp_aad(header: &[u8], word: [u8; INDEX_WORD]) -> Result<[u8; RTCP_HEADER + INDEX_WORD], SrtpError> {
    let mut aad = [0; RTCP_HEADER + INDEX_WORD];
    aad[..RTCP_HEADER].copy_from_slice(header.get(..RTCP_HEADER).ok_or(SrtpError)?);
    aad[RTCP_HEADER..].copy_from_slice(&word);
    Ok(aad)
}

fn sha1_tag(key: &hmac::Key, packet: &[u8], rollover: &[u8]) -> [u8; SHA1_TAG] {
    let mut context = hmac::Context::with_key(key);
    context.update(packet);
    context.update(rollover);
    let full = context.sign();
    let mut tag = [0; SHA1_TAG];
    tag.copy_from_slice(&full.as_ref()[..SHA1_TAG]);
    tag
}
