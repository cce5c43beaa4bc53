#pragma once
// A real OpenID Connect provider, for tests of whoever signs in by one.

#include <chrono>
#include <cstdio>
#include <string>
#include <thread>

#include "foundation/clock.h"
#include "platform/crypto/files.h"
#include "platform/identity/identity_test.h"
#include "platform/services/child_process.h"

namespace mobilytics::identity {

/// The npm package `oidc-provider`, through tests/witnesses/oidc_provider.mjs, while it lives.
class RealProvider {
  public:
    RealProvider() {
        const auto file = folder_.path() / "issuer";
        program_ = popen(
            ("node tests/witnesses/oidc_provider.mjs serve " + file.string() + " >/dev/null 2>&1")
                .c_str(),
            "w");
        const auto deadline = SystemClock().now() + std::chrono::seconds(60);
        while (issuer.empty() && SystemClock().now() < deadline) {
            issuer = crypto::read_file(file).value_or("");
            if (issuer.empty()) std::this_thread::sleep_for(std::chrono::milliseconds(20));
        }
    }
    ~RealProvider() { pclose(program_); }
    RealProvider(const RealProvider&) = delete;
    RealProvider& operator=(const RealProvider&) = delete;

    /// Where a browser comes back to, in which `login` signs in and agrees.
    static std::string browse(const std::string& url, const std::string& login) {
        return said_by("node tests/witnesses/oidc_provider.mjs browse '" + url + "' " + login);
    }

    std::string issuer;

  private:
    const services::TemporaryFolder folder_;
    std::FILE* program_ = nullptr;
};

}  // namespace mobilytics::identity
