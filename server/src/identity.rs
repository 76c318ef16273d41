//! What makes a relay this relay: its RSA key and its salt, kept in the data directory.

use std::fs::DirBuilder;
use std::io;
use std::path::{Path, PathBuf};
use std::{error, fmt};

use aws_lc_rs::digest::{SHA256, digest};
use aws_lc_rs::encoding::{AsDer, Pkcs8V1Der, PublicKeyX509Der};
use aws_lc_rs::rsa::{KeySize, PrivateDecryptingKey};
use data_encoding::{BASE32_NOPAD, BASE64, HEXLOWER};
use zeroize::Zeroizing;

use crate::decrypt::Decryptor;
use crate::keyfile;

const KEY_FILE: &str = "key.pem";
const SALT_FILE: &str = "salt";
const KEY_BITS: usize = 3072;
const PEM_BEGIN: &str = "-----BEGIN PRIVATE KEY-----";
const PEM_END: &str = "-----END PRIVATE KEY-----";

/// The relay's key and salt, ready for use.
#[derive(Debug)]
pub struct Identity {
    spki: Vec<u8>,
    salt: [u8; 16],
    fingerprint: String,
    decryptor: Decryptor,
}

/// Why a relay has no identity. Displays as one sentence.
#[derive(Debug)]
pub enum IdentityError {
    /// The directory cannot be made or a file in it cannot be read or written.
    Unusable(PathBuf, io::Error),
    /// The file is not an RSA-3072 key in PKCS#8 PEM.
    BrokenKey(PathBuf),
    /// The file is not a salt.
    BrokenSalt(PathBuf),
    /// The operating system gives no randomness or no threads.
    System,
}

impl fmt::Display for IdentityError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unusable(path, error) => write!(f, "Cannot use {}: {error}.", path.display()),
            Self::BrokenKey(path) => write!(
                f,
                "{} does not hold an RSA-3072 private key in PKCS#8 PEM; it was left as it is.",
                path.display()
            ),
            Self::BrokenSalt(path) => write!(
                f,
                "{} does not hold a salt of 32 hexadecimal digits; it was left as it is.",
                path.display()
            ),
            Self::System => f.write_str("This system offers too little to make a key."),
        }
    }
}

impl error::Error for IdentityError {}

impl Identity {
    /// A fresh identity that exists in memory only.
    ///
    /// # Errors
    /// [`IdentityError::System`] where the machine has no randomness.
    pub fn generate() -> Result<Self, IdentityError> {
        let key = new_key()?;
        Self::assemble(key, new_salt()?)
    }

    /// Reads key and salt from `directory`, making whatever is missing: the directory for its owner alone (0700), the
    /// files likewise (0600). A file that exists is never changed.
    ///
    /// # Errors
    /// See [`IdentityError`].
    pub fn load_or_create(directory: &Path) -> Result<Self, IdentityError> {
        make_directory(directory)
            .map_err(|error| IdentityError::Unusable(directory.into(), error))?;

        let key_file = directory.join(KEY_FILE);
        let key = match read(&key_file)? {
            Some(pem) => {
                let key =
                    parse_key(&pem).ok_or_else(|| IdentityError::BrokenKey(key_file.clone()))?;
                if keyfile::is_exposed(&key_file) {
                    tracing::warn!("The key file can be read by others than its owner.");
                }
                key
            }
            None => {
                let key = new_key()?;
                write_new(&key_file, render_key(&key)?.as_bytes())?;
                key
            }
        };

        let salt_file = directory.join(SALT_FILE);
        let salt = match read(&salt_file)? {
            Some(text) => {
                parse_salt(&text).ok_or_else(|| IdentityError::BrokenSalt(salt_file.clone()))?
            }
            None => {
                let salt = new_salt()?;
                write_new(
                    &salt_file,
                    format!("{}\n", HEXLOWER.encode(&salt)).as_bytes(),
                )?;
                salt
            }
        };
        Self::assemble(key, salt)
    }

    fn assemble(key: PrivateDecryptingKey, salt: [u8; 16]) -> Result<Self, IdentityError> {
        let der: PublicKeyX509Der<'_> = key
            .public_key()
            .as_der()
            .map_err(|_| IdentityError::System)?;
        let spki = der.as_ref().to_vec();
        let hash = digest(&SHA256, &spki);
        let short = hash
            .as_ref()
            .get(..16)
            .expect("invariant: SHA-256 has 32 bytes");
        Ok(Self {
            fingerprint: BASE32_NOPAD.encode(short).to_lowercase(),
            spki,
            salt,
            decryptor: Decryptor::start(key).ok_or(IdentityError::System)?,
        })
    }

    /// The public key as SubjectPublicKeyInfo, DER.
    pub fn spki(&self) -> &[u8] {
        &self.spki
    }

    /// What this relay mixes into room names, so that a table computed for one relay is of no use at another.
    pub fn salt(&self) -> &[u8; 16] {
        &self.salt
    }

    /// 26 characters of base32 that stand for the public key.
    pub fn fingerprint(&self) -> &str {
        &self.fingerprint
    }

    pub(crate) fn decryptor(&self) -> &Decryptor {
        &self.decryptor
    }
}

fn new_key() -> Result<PrivateDecryptingKey, IdentityError> {
    PrivateDecryptingKey::generate(KeySize::Rsa3072).map_err(|_| IdentityError::System)
}

fn new_salt() -> Result<[u8; 16], IdentityError> {
    let mut salt = [0; 16];
    aws_lc_rs::rand::fill(&mut salt).map_err(|_| IdentityError::System)?;
    Ok(salt)
}

fn make_directory(directory: &Path) -> io::Result<()> {
    if directory.is_dir() {
        return Ok(());
    }
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(directory)
}

fn read(file: &Path) -> Result<Option<Zeroizing<String>>, IdentityError> {
    keyfile::read(file).map_err(|error| IdentityError::Unusable(file.into(), error))
}

fn write_new(file: &Path, content: &[u8]) -> Result<(), IdentityError> {
    keyfile::write_new(file, content).map_err(|error| IdentityError::Unusable(file.into(), error))
}

fn render_key(key: &PrivateDecryptingKey) -> Result<Zeroizing<String>, IdentityError> {
    let der: Pkcs8V1Der<'_> = key.as_der().map_err(|_| IdentityError::System)?;
    let base64 = Zeroizing::new(BASE64.encode(der.as_ref()));
    let mut pem = Zeroizing::new(String::with_capacity(base64.len() + 128));
    pem.push_str(PEM_BEGIN);
    for (at, character) in base64.chars().enumerate() {
        if at % 64 == 0 {
            pem.push('\n');
        }
        pem.push(character);
    }
    pem.push('\n');
    pem.push_str(PEM_END);
    pem.push('\n');
    Ok(pem)
}

fn parse_key(pem: &str) -> Option<PrivateDecryptingKey> {
    let inner = pem.trim().strip_prefix(PEM_BEGIN)?.strip_suffix(PEM_END)?;
    let base64: Zeroizing<String> =
        Zeroizing::new(inner.chars().filter(|c| !c.is_ascii_whitespace()).collect());
    let der = Zeroizing::new(BASE64.decode(base64.as_bytes()).ok()?);
    let key = PrivateDecryptingKey::from_pkcs8(&der).ok()?;
    (key.key_size_bits() == KEY_BITS).then_some(key)
}

fn parse_salt(text: &str) -> Option<[u8; 16]> {
    HEXLOWER
        .decode(text.trim().as_bytes())
        .ok()?
        .try_into()
        .ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    #[test]
    fn an_identity_survives_a_restart() {
        let folder = tempfile::tempdir().unwrap();
        let directory = folder.path().join("state");
        let first = Identity::load_or_create(&directory).unwrap();
        let second = Identity::load_or_create(&directory).unwrap();
        assert_eq!(first.fingerprint(), second.fingerprint());
        assert_eq!(first.fingerprint().len(), 26);
        assert_eq!(first.salt(), second.salt());
    }

    #[cfg(unix)]
    #[test]
    fn key_and_salt_are_readable_by_their_owner_alone() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let directory = folder.path().join("state");
        Identity::load_or_create(&directory).unwrap();
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode(&directory), 0o700);
        assert_eq!(mode(&directory.join(KEY_FILE)), 0o600);
        assert_eq!(mode(&directory.join(SALT_FILE)), 0o600);
    }

    #[cfg(unix)]
    #[test]
    fn what_a_crash_left_behind_lends_a_new_key_neither_its_mode_nor_its_target() {
        use std::os::unix::fs::{PermissionsExt, symlink};
        let folder = tempfile::tempdir().unwrap();
        let elsewhere = folder.path().join("elsewhere");
        fs::write(&elsewhere, "mine").unwrap();
        symlink(&elsewhere, folder.path().join("key.new")).unwrap();
        let stale = folder.path().join("salt.new");
        fs::write(&stale, "stale").unwrap();
        fs::set_permissions(&stale, fs::Permissions::from_mode(0o644)).unwrap();
        Identity::load_or_create(folder.path()).unwrap();
        assert_eq!(fs::read(&elsewhere).unwrap(), b"mine");
        for name in [KEY_FILE, SALT_FILE] {
            assert!(!keyfile::is_exposed(&folder.path().join(name)), "{name}");
        }
        fs::set_permissions(&elsewhere, fs::Permissions::from_mode(0o640)).unwrap();
        assert!(keyfile::is_exposed(&elsewhere));
    }

    #[test]
    fn a_broken_key_is_reported_and_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join(KEY_FILE);
        for broken in [&b"not a key"[..], b"", &[0xff, 0xfe]] {
            fs::write(&file, broken).unwrap();
            let error = Identity::load_or_create(folder.path()).unwrap_err();
            assert!(matches!(error, IdentityError::BrokenKey(_)));
            assert!(error.to_string().ends_with("left as it is."));
            assert_eq!(fs::read(&file).unwrap(), broken);
        }
    }

    #[test]
    fn a_broken_salt_is_reported_and_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        Identity::load_or_create(folder.path()).unwrap();
        let file = folder.path().join(SALT_FILE);
        fs::write(&file, "1234").unwrap();
        let error = Identity::load_or_create(folder.path()).unwrap_err();
        assert!(matches!(error, IdentityError::BrokenSalt(_)));
        assert_eq!(fs::read(&file).unwrap(), b"1234");
    }
}
