//! Memory that calls have used goes back to the operating system. The allocator keeps what is freed for later, which may
//! never come: Terraform plans a large resource once, and runs many providers at a time.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

/// How long after a call it is given back, with that of all calls until then.
const PAUSE: Duration = Duration::from_millis(500);

/// To be called at the end of a call, in the runtime.
pub(super) fn give_back_soon() {
    static PENDING: AtomicBool = AtomicBool::new(false);
    if PENDING.swap(true, Ordering::Relaxed) {
        return;
    }
    tokio::spawn(async {
        tokio::time::sleep(PAUSE).await;
        PENDING.store(false, Ordering::Relaxed);
        give_back();
    });
}

#[cfg(all(target_os = "linux", target_env = "gnu"))]
#[expect(unsafe_code, reason = "there is no safe binding of this function")]
fn give_back() {
    // SAFETY: it takes a number, touches no memory that is in use, and may be called from any thread.
    unsafe {
        libc::malloc_trim(0);
    }
}

/// Other allocators do it themselves, or have no such function.
#[cfg(not(all(target_os = "linux", target_env = "gnu")))]
fn give_back() {}
