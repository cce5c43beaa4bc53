#include "platform/mail/smtp.h"

#include <algorithm>
#include <cstring>
#include <memory>

#include <curl/curl.h>

namespace mobilytics::mail {

namespace {

constexpr std::size_t kAnswerBytesMax = 300;

struct Outgoing {
    std::string_view left;
};

std::size_t give(char* buffer, std::size_t, std::size_t size, void* from) {
    auto& left = static_cast<Outgoing*>(from)->left;
    const auto count = std::min(size, left.size());
    std::memcpy(buffer, left.data(), count);
    left.remove_prefix(count);
    return count;
}

/// The server's lines, as they come: the last is why it ended, but for its good-bye.
std::size_t hear(char* data, std::size_t, std::size_t size, void* to) {
    std::string_view line(data, size);
    while (!line.empty() && (line.back() == '\r' || line.back() == '\n')) line.remove_suffix(1);
    auto& answer = *static_cast<std::string*>(to);
    if (line.starts_with("221")) return size;
    answer.assign(line.substr(0, kAnswerBytesMax));
    for (auto& c : answer) {
        if (c < 0x20 || c >= 0x7F) c = '?';
    }
    return size;
}

struct Free {
    void operator()(CURL* handle) const { curl_easy_cleanup(handle); }
    void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};

template <class Value>
void set(CURL* handle, CURLoption option, Value value) {
    VERIFY(curl_easy_setopt(handle, option, value) == CURLE_OK);
}

void secure(CURL* handle, const SmtpConfig& config) {
    if (config.security == Security::starttls) {
        set(handle, CURLOPT_USE_SSL, static_cast<long>(CURLUSESSL_ALL));
    }
    if (!config.authority_file.empty()) set(handle, CURLOPT_CAINFO, config.authority_file.c_str());
    if (!config.username.empty()) {
        set(handle, CURLOPT_USERNAME, config.username.c_str());
        set(handle, CURLOPT_PASSWORD, config.password.reveal().c_str());
    }
}

}  // namespace

Delivery send(const SmtpConfig& config, const std::string& to, const std::string& message) {
    static const auto ready = curl_global_init(CURL_GLOBAL_DEFAULT);
    VERIFY(ready == CURLE_OK);
    const std::unique_ptr<CURL, Free> handle(curl_easy_init());
    VERIFY(handle != nullptr);
    const auto domain = config.from.substr(config.from.find('@') + 1);
    const auto url = std::string(config.security == Security::tls ? "smtps://" : "smtp://") +
                     config.host + ":" + std::to_string(config.port) + "/" + domain;
    const std::unique_ptr<curl_slist, Free> receivers(
        curl_slist_append(nullptr, ("<" + to + ">").c_str()));
    Outgoing outgoing{message};
    std::string answer, detail(CURL_ERROR_SIZE, '\0');
    set(handle.get(), CURLOPT_URL, url.c_str());
    set(handle.get(), CURLOPT_PROTOCOLS_STR, "smtp,smtps");
    set(handle.get(), CURLOPT_NOSIGNAL, 1L);
    set(handle.get(), CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(config.connect_max.count()));
    set(handle.get(), CURLOPT_TIMEOUT_MS, static_cast<long>(config.total_max.count()));
    set(handle.get(), CURLOPT_MAIL_FROM, ("<" + config.from + ">").c_str());
    set(handle.get(), CURLOPT_MAIL_RCPT, receivers.get());
    set(handle.get(), CURLOPT_UPLOAD, 1L);
    set(handle.get(), CURLOPT_READFUNCTION, &give);
    set(handle.get(), CURLOPT_READDATA, static_cast<void*>(&outgoing));
    set(handle.get(), CURLOPT_HEADERFUNCTION, &hear);
    set(handle.get(), CURLOPT_HEADERDATA, static_cast<void*>(&answer));
    set(handle.get(), CURLOPT_ERRORBUFFER, detail.data());
    secure(handle.get(), config);
    const auto code = curl_easy_perform(handle.get());
    long said = 0;
    curl_easy_getinfo(handle.get(), CURLINFO_RESPONSE_CODE, &said);
    if (code == CURLE_OK) return {.taken = true, .code = static_cast<int>(said), .answer = answer};
    // What the server says of this mail may be for good. That it will not have us is for the
    // operator to mend: until then it waits.
    const bool of_the_mail =
        code == CURLE_SEND_ERROR || code == CURLE_RECV_ERROR || code == CURLE_WEIRD_SERVER_REPLY;
    const bool answered = said >= 500 && said < 600;
    const std::string why = *detail.c_str() != '\0' ? detail.c_str() : curl_easy_strerror(code);
    return {
        .taken = false,
        .permanent = of_the_mail && answered,
        .code = static_cast<int>(said),
        .answer = answered || said >= 400 ? answer : why.substr(0, kAnswerBytesMax)};
}

}  // namespace mobilytics::mail
