#pragma once
// How others see whether we are well.

#include <atomic>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "foundation/secret.h"
#include "platform/http/router.h"
#include "platform/metrics/metrics.h"

namespace mobilytics::http {

/// What is wrong, in words for an operator; none when all is well. Must not wait for long.
using ReadinessCheck = std::function<std::optional<std::string>()>;

/// Who is told of the inside: /metrics, and what of /readyz is wrong.
struct Insiders {
    Secret<std::string> token = {};  // As `Authorization: Bearer`; empty: by none.
    /// Whoever asks on this machine, and was forwarded by nobody. Not where a proxy stands before
    /// us that may say nothing of it.
    bool this_machine = true;
};

/// GET /metrics: for Prometheus; 401 `insiders_only` for anybody else.
/// GET /livez: 200 while the process answers at all; who fails it is restarted.
/// GET /readyz: 200 when every check says that all is well, else 503; who fails it gets no traffic.
///     ?verbose tells insiders each check's name and what is wrong.
/// GET /startupz: 200 once the server has begun to serve; before, mount_starting() answers, and
/// 503.
class Probes {
  public:
    /// `registry` must outlive this.
    explicit Probes(metrics::Registry& registry, Insiders insiders = {})
        : registry_(registry), insiders_(std::move(insiders)) {}

    /// Before mount().
    void check(std::string name, ReadinessCheck check);
    /// This must outlive `router`.
    void mount(Router& router) const;
    /// For the time of migrations: alive, not started, not ready; all else is to be asked later.
    static void mount_starting(Router& router);
    /// From now on not ready. For any thread: ServerConfig::on_stop.
    void drain() { draining_ = true; }

  private:
    bool is_insider(const Request& request) const;
    Reply readiness(bool verbose) const;

    metrics::Registry& registry_;
    const Insiders insiders_;
    std::vector<std::pair<std::string, ReadinessCheck>> checks_;
    std::atomic<bool> draining_ = false;
};

}  // namespace mobilytics::http
