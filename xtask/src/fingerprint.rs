//! Skips work whose inputs have not changed since its last run.

use anyhow::{Context as _, Result};
use std::fs;
use std::hash::{DefaultHasher, Hasher as _};
use std::path::Path;

/// The content hash of a step's inputs.
#[derive(Default)]
pub(crate) struct Inputs(DefaultHasher);

impl Inputs {
    /// Adds bytes.
    pub(crate) fn bytes(mut self, bytes: &[u8]) -> Self {
        self.0.write_usize(bytes.len());
        self.0.write(bytes);
        self
    }

    /// Adds a file, or all files below a folder, by name and content.
    pub(crate) fn path(self, path: &Path) -> Result<Self> {
        let named = self.bytes(path.as_os_str().as_encoded_bytes());
        if !path.is_dir() {
            let content =
                fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
            return Ok(named.bytes(&content));
        }
        let mut entries: Vec<_> = fs::read_dir(path)?.collect::<Result<_, _>>()?;
        entries.sort_by_key(fs::DirEntry::file_name);
        entries.iter().try_fold(named, |inputs, entry| inputs.path(&entry.path()))
    }

    /// Does the work, unless `fingerprint` records that it was done with these inputs and `output`
    /// still exists.
    pub(crate) fn unless_done(
        self,
        fingerprint: &Path,
        output: &Path,
        work: impl FnOnce() -> Result<()>,
    ) -> Result<()> {
        let hash = format!("{:016x}", self.0.finish());
        if output.exists() && fs::read_to_string(fingerprint).is_ok_and(|old| old == hash) {
            return Ok(());
        }
        // Removed while the work runs: a partial result must not count as complete.
        match fs::remove_file(fingerprint) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error.into()),
            _ => {}
        }
        work()?;
        if let Some(folder) = fingerprint.parent() {
            fs::create_dir_all(folder)?;
        }
        Ok(fs::write(fingerprint, hash)?)
    }
}

#[cfg(test)]
mod tests {
    use super::Inputs;
    use anyhow::{Result, bail};
    use std::fs;

    #[test]
    fn work_is_repeated_only_if_its_inputs_changed_or_its_output_is_missing() -> Result<()> {
        let folder = std::env::temp_dir().join(format!("xtask-fingerprint-{}", std::process::id()));
        fs::create_dir_all(&folder)?;
        let (fingerprint, output) = (folder.join("fingerprint"), folder.join("output"));
        let mut runs = 0;
        let mut step = |input: &[u8]| {
            Inputs::default().bytes(input).unless_done(&fingerprint, &output, || {
                runs += 1;
                Ok(fs::write(&output, "done")?)
            })
        };
        step(b"one")?;
        step(b"one")?;
        step(b"two")?;
        fs::remove_file(&output)?;
        step(b"two")?;
        assert_eq!(runs, 3);

        // A failure leaves no fingerprint.
        let failed =
            Inputs::default().bytes(b"three").unless_done(&fingerprint, &output, || bail!("no"));
        assert!(failed.is_err() && !fingerprint.exists());
        Ok(fs::remove_dir_all(&folder)?)
    }
}
