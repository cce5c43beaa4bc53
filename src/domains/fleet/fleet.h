#pragma once
// The sensors: how one joins, by which certificate it is known, which salt it gets, how it leaves.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <boost/json/value.hpp>

#include "foundation/named_ids.h"
#include "foundation/secret.h"
#include "foundation/vocabulary.h"
#include "foundation/zone.h"

namespace mobilytics::pg {
class Pool;
}
namespace mobilytics::accounts {
class Accounts;
}
namespace mobilytics::assets {
class Assets;
}
namespace mobilytics::crypto {
class Authority;
class SealedBox;
}  // namespace mobilytics::crypto

namespace mobilytics::fleet {

using ClaimId = Id<struct Claim>;

BOOST_DEFINE_ENUM_CLASS(DeviceState, active, revoked)

struct Device {
    DeviceId id;
    std::string name;
    DeviceState state;
    Instant enrolled_at;
    Instant certificate_expires_at;
    std::optional<Instant> revoked_at;
};
using DevicePage = Page<Device>;

/// A code by which one sensor may join, once.
struct Claim {
    static constexpr std::string_view kIdPrefix = "claim";

    ClaimId id;
    std::string code;  // Told this once: only its digest is kept.
    std::string name;
    std::optional<AssetId> asset_id;
    Instant expires_at;
    std::string command;  // What to type at the sensor.
};

struct NewClaim {
    std::string name;                 // Of the sensor.
    std::optional<AssetId> asset_id;  // Where it is put when it joins; always, as far as we know.
};

struct EnrolmentRequest {
    std::string claim_code;
    std::string csr_pem;
};

struct Enrolment {
    DeviceId device_id;
    CompanyId company_id;
    std::string certificate_pem;
    std::string ca_pem;
    std::string mqtt_url;
    std::string https_url;
    std::string time_zone;  // IANA; of the days that salts are for.
    std::string salt_mode;  // standard or strict.
};

/// The salt of a company's local day, for its sensors.
struct DaySalt {
    std::string epoch;         // 32 hexadecimal digits.
    Secret<std::string> salt;  // 64 hexadecimal digits.
    LocalDay day;
    Instant expires_at;  // When it is destroyed.
};

/// Published as `fleet.device_changed.v1` when a sensor joins or leaves.
struct DeviceChanged {
    static constexpr std::string_view kName = "fleet.device_changed.v1";
    CompanyId company;
    DeviceId device;
    bool accepted = false;
    std::string certificate_serial;  // Hexadecimal.
    Instant changed_at;

    boost::json::value to_json() const;
    static DeviceChanged from_json(const boost::json::value& json);
};

/// Published as `fleet.salts_revoked.v1`: what is made with these any more is not to be taken.
struct SaltsRevoked {
    static constexpr std::string_view kName = "fleet.salts_revoked.v1";
    CompanyId company;
    std::vector<std::string> epochs;  // 32 hexadecimal digits each.
    Instant revoked_at;

    boost::json::value to_json() const;
    static SaltsRevoked from_json(const boost::json::value& json);
};

/// What holds for a company's sensors now.
struct PrivacyInForce {
    std::string mode;                 // standard or strict.
    std::vector<std::string> epochs;  // Of the company's salts that may be used.
};

/// A certificate that must not be believed any more.
struct RevokedCertificate {
    DeviceId device;
    std::string serial;  // Hexadecimal.
    Instant revoked_at;
};

struct CodeOwner;  // Whose a claim code is: fleet_store.h.

struct FleetConfig {
    std::string mqtt_url = "mqtts://127.0.0.1:8883";
    std::string https_url = "https://127.0.0.1:8443";
    std::string public_url = "http://127.0.0.1:8080";
    std::chrono::hours claim_lives{24};
    std::chrono::hours salt_outlives_day{24};  // Then it is destroyed.
    std::chrono::days certificate_lives{365 * 2};
};

class Fleet {
  public:
    struct Needs {
        pg::Pool& pool;
        const Clock& clock;
        accounts::Accounts& accounts;
        assets::Assets& assets;
        const crypto::Authority& authority;
        const crypto::SealedBox& seal;
    };
    /// What it is given must outlive this.
    Fleet(const Needs& needs, FleetConfig config) : needs_(needs), config_(std::move(config)) {}

    /// not_found `no_such_asset`.
    Result<Claim> create_claim(const Caller& caller, const NewClaim& wanted);

    /// not_found `unknown_claim`; conflict `claim_taken`, when another key has joined with it;
    /// conflict `claim_expired`; invalid `bad_csr`. The same key again gets the same sensor again,
    /// with a new certificate.
    Result<Enrolment> enrol(const EnrolmentRequest& request);

    /// None where there is no such sensor.
    std::optional<std::string> name_of(CompanyId company, DeviceId id);
    Result<DevicePage> list_devices(const Caller& caller, const PageRequest& page);
    /// not_found `no_such_device`; conflict `device_revoked`.
    Result<Device> revoke_device(const Caller& caller, DeviceId id);

    /// Whether the company has it, and it may still be used: not_found `no_such_device`; conflict
    /// `device_revoked`.
    Result<> check_device(CompanyId company, DeviceId id);

    /// Of a company's sensors.
    std::vector<RevokedCertificate> revoked_certificates(CompanyId company);

    /// For a sensor. not_found `no_such_device`; forbidden `strict_mode`, where its company lets no
    /// salt out; not_found `salt_destroyed`, for days whose salt is gone, or too far ahead.
    Result<DaySalt> salt_for(CompanyId company, DeviceId device, std::string_view day);
    /// For a sensor, every few minutes. not_found `no_such_device`.
    Result<PrivacyInForce> privacy_in_force(CompanyId company, DeviceId device);
    /// Destroys what has expired, of a company; of a strict one, everything. Returns how many.
    std::int64_t destroy_salts(CompanyId company);

  private:
    struct Joined {
        DeviceId device;
        std::optional<AssetId> asset;
        std::string certificate_pem;
    };
    Result<Joined> take_claim(
        const CodeOwner& owner, const std::string& key, const std::string& csr_pem);

    Needs needs_;
    const FleetConfig config_;
};

}  // namespace mobilytics::fleet
