#pragma once
// How a sensor joins: it makes its key, which never leaves it, and has the platform sign it.

#include <filesystem>
#include <string>
#include <string_view>

#include "pipeline/sensor/enrol/claim_code.h"
#include "pipeline/sensor/enrol/identity.h"

namespace mobilytics::sensor {

struct EnrolmentRequest {
    std::string server_url;              // Of the API, "http://host:8080" or https.
    std::string claim_code;              // As it was typed.
    std::filesystem::path state_folder;  // Made if it is not there.
};

/// Joins, and keeps key, certificate and identity in the state folder. Asked again with the same
/// code, after an answer that was lost, it is the same sensor.
///
/// invalid `bad_claim_code`, `bad_url`; not_found `unknown_claim`; conflict `claim_taken`,
/// `claim_expired`, `device_revoked`; forbidden `authority_mismatch`, when the authority that was
/// handed over is not the one that the code pins; unavailable `no_answer`, `bad_answer`, or what
/// the platform said. Throws std::system_error, when the folder cannot be written.
Result<Identity> enrol(const EnrolmentRequest& request);

}  // namespace mobilytics::sensor
