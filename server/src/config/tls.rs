//! Which certificate was asked for.

use std::net::IpAddr;
use std::path::Path;

use super::{Settings, SettingsError};
use crate::banner::lan_address;
use crate::listen::Address;
use crate::origin;
use crate::tls::{Tls, TlsError, own_names};

impl Settings {
    pub(super) fn check_tls(&self) -> Result<(), SettingsError> {
        let own = self.tls_self_signed == Some(true);
        match (&self.tls_cert, &self.tls_key) {
            (None, None) if !own => Ok(()),
            (Some(_), None) | (None, Some(_)) => Err(SettingsError::HalfTls),
            (Some(_), Some(_)) if own => Err(SettingsError::TwoCertificates),
            _ if !cfg!(unix) => Err(SettingsError::NoTlsHere),
            _ if matches!(self.address(), Address::Unix(_)) => Err(SettingsError::TlsOnSocket),
            _ => Ok(()),
        }
    }

    /// Certificate and key, if the relay is to do TLS itself. One of its own is kept in `directory`.
    ///
    /// # Errors
    /// Where the files are of no use.
    pub fn tls(&self, directory: &Path) -> Result<Option<Tls>, TlsError> {
        if let (Some(certificate), Some(key)) = (&self.tls_cert, &self.tls_key) {
            return Tls::from_files(certificate, key).map(Some);
        }
        if self.tls_self_signed != Some(true) {
            return Ok(None);
        }
        let listening: Option<IpAddr> = match self.address() {
            Address::Tcp(address) => Some(address.ip()),
            Address::Unix(_) => None,
        };
        let lan = listening.filter(IpAddr::is_unspecified).and(lan_address());
        let host = self.public_url.as_deref().and_then(origin::host_of_url);
        Tls::self_signed(directory, own_names(listening, lan, host.as_deref())).map(Some)
    }
}
