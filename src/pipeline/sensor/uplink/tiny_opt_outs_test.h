#pragma once
// Of the tiny platform: the list of who opted out, and what those who asked had.

#include <mutex>
#include <string>
#include <vector>

#include "platform/http/router.h"

namespace mobilytics::sensor {

class TinyOptOuts {
  public:
    void mount(http::Router& router) {
        router.on(
            http::verb::get, "/device/v1/opt-outs", http::kDevice,
            [this](const http::Call& call) -> Result<http::Reply> {
                const std::lock_guard lock(mutex_);
                had_.emplace_back(call.request.headers.get("If-None-Match"));
                if (told_.is_null()) return fail(ErrorKind::not_found, "no_such_route", "");
                const auto tag = '"' + std::string(told_.at("version").as_string()) + '"';
                if (had_.back() == tag) return http::Reply{.status = 304};
                return http::Reply{.body = told_};
            });
    }
    /// What it answers from now on; null: 404, as a platform of before.
    void set(boost::json::value told) {
        const std::lock_guard lock(mutex_);
        told_ = std::move(told);
    }
    /// What those who asked said that they had.
    std::vector<std::string> had() const {
        const std::lock_guard lock(mutex_);
        return had_;
    }

  private:
    mutable std::mutex mutex_;
    boost::json::value told_;
    std::vector<std::string> had_;
};

}  // namespace mobilytics::sensor
