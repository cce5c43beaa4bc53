#pragma once
// Who must not be let in any more, at both of the sensors' doors.

#include <mutex>
#include <set>
#include <string>
#include <vector>

#include "domains/fleet/fleet.h"
#include "platform/crypto/pki.h"

namespace mobilytics::server {

/// For any thread.
class Revocations {
  public:
    explicit Revocations(const std::vector<fleet::RevokedCertificate>& revoked) {
        for (const auto& one : revoked) add(one);
    }
    void add(const fleet::RevokedCertificate& one) {
        const std::lock_guard lock(mutex_);
        if (!names_.insert(one.device.uuid()).second) return;
        list_.push_back({one.serial, one.revoked_at});
    }
    /// By the common name of a certificate.
    bool has(const std::string& name) const {
        const std::lock_guard lock(mutex_);
        return names_.contains(name);
    }
    std::vector<std::string> names() const {
        const std::lock_guard lock(mutex_);
        return {names_.begin(), names_.end()};
    }
    std::vector<crypto::Revoked> list() const {
        const std::lock_guard lock(mutex_);
        return list_;
    }

  private:
    mutable std::mutex mutex_;
    std::set<std::string> names_;
    std::vector<crypto::Revoked> list_;
};

}  // namespace mobilytics::server
