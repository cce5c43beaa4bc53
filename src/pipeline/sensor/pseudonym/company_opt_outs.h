#pragma once
// The company's list of who opted out: digests of addresses, with a key that it has for this alone.
// The platform has no address, and no more has what is kept here. See docs/protocol.md, section 4.

#include <array>
#include <atomic>
#include <chrono>
#include <filesystem>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "foundation/result.h"
#include "pipeline/sensor/decode/sighting.h"
#include "platform/crypto/digest.h"

namespace mobilytics::sensor {

/// In the state folder: the list that was followed last.
inline constexpr std::string_view kOptOutsFile = "opt_outs.json";

using OptOutDigest = std::array<std::uint8_t, 16>;

/// A list as the platform tells it.
struct ToldOptOuts {
    std::string version;
    std::optional<Secret<std::string>> key;  // 32 bytes; none while nobody was ever on the list.
    std::vector<OptOutDigest> digests;
};

/// {"version", "key", "digests"}; unavailable `bad_opt_outs`, for any other text.
Result<ToldOptOuts> read_opt_outs(std::string_view json);

/// Who keeps the company's list: the platform, over mutual TLS.
class OptOutPort {
  public:
    virtual ~OptOutPort() = default;
    /// None where `version` is the newest. unavailable, when nobody answers.
    virtual Result<std::optional<ToldOptOuts>> opt_outs(const std::string& version) = 0;
};

struct OptOutLimits {
    std::chrono::milliseconds ask_every{120'000};
    std::chrono::milliseconds retry_every{30'000};
};

/// For any thread.
class CompanyOptOuts {
  public:
    /// Begins with the list in `file`, as it was when it was asked for last; there a newer one is
    /// kept. No file: in memory alone.
    explicit CompanyOptOuts(std::filesystem::path file, const OptOutLimits& limits = {});

    /// Whether its owner opted out. Nothing is computed of an address that cannot be on the list,
    /// as those are that phones change by themselves, nor where nobody is on it.
    bool has(const Address& address) const;

    /// Asks when it is time; waits for `port`. What is new holds from the next frame on, and the
    /// platform is told so at the next turn.
    void refresh(OptOutPort& port, std::uint64_t mono_us);
    /// Whether there is a list, or it was asked for at least.
    bool settled() const { return settled_; }
    std::string version() const;
    std::size_t size() const;

  private:
    void take(const ToldOptOuts& told);
    void keep(const ToldOptOuts& told) const;

    const std::filesystem::path file_;
    const OptOutLimits limits_;
    std::atomic<bool> settled_ = false;
    std::atomic<bool> empty_ = true;
    std::uint64_t ask_at_us_ = 0;  // Of the thread that refreshes.
    mutable std::mutex mutex_;     // Of all below.
    std::string version_;
    std::optional<crypto::Hmac> hmac_;
    std::vector<OptOutDigest> digests_;  // Sorted.
};

}  // namespace mobilytics::sensor
