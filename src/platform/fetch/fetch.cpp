#include "platform/fetch/fetch.h"

#include <algorithm>
#include <atomic>

#include <curl/curl.h>
#include <sys/socket.h>

namespace mobilytics::fetch {

namespace {

struct Incoming {
    Reply reply;
    std::size_t body_bytes_max;
    bool too_large = false;
};

std::size_t take_body(char* data, std::size_t, std::size_t size, void* to) {
    auto& incoming = *static_cast<Incoming*>(to);
    if (incoming.reply.body.size() + size > incoming.body_bytes_max) {
        incoming.too_large = true;
        return 0;  // Ends the transfer.
    }
    incoming.reply.body.append(data, size);
    return size;
}

std::size_t take_header(char* data, std::size_t, std::size_t size, void* to) {
    auto& headers = static_cast<Incoming*>(to)->reply.headers;
    std::string_view line(data, size);
    while (!line.empty() && (line.back() == '\r' || line.back() == '\n')) line.remove_suffix(1);
    if (line.starts_with("HTTP/")) headers.clear();  // A new reply, after 100 Continue.
    const auto colon = line.find(':');
    if (colon == line.npos) return size;
    std::string name(line.substr(0, colon));
    std::transform(name.begin(), name.end(), name.begin(), [](char c) {
        return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    });
    auto value = line.substr(colon + 1);
    while (value.starts_with(' ')) value.remove_prefix(1);
    headers.insert_or_assign(std::move(name), std::string(value));
    return size;
}

int keep_going(void* stopping, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
    return *static_cast<std::atomic<bool>*>(stopping) ? 1 : 0;
}

struct Door {
    const Egress* egress;
    bool refused = false;
};

/// Where a connection is to go, once its name has been resolved.
curl_socket_t open_socket(void* door_given, curlsocktype, curl_sockaddr* to) {
    auto& door = *static_cast<Door*>(door_given);
    if (!door.egress->allows(to->addr)) {
        door.refused = true;
        return CURL_SOCKET_BAD;
    }
    return ::socket(to->family, to->socktype | SOCK_CLOEXEC, to->protocol);
}

class HeaderList {
  public:
    explicit HeaderList(const Request& request) {
        add("Expect:");  // No waiting for 100 Continue.
        for (const auto& [name, value] : request.headers) add(name + ": " + value);
    }
    ~HeaderList() { curl_slist_free_all(list_); }
    HeaderList(const HeaderList&) = delete;
    HeaderList& operator=(const HeaderList&) = delete;
    const curl_slist* get() const { return list_; }

  private:
    void add(const std::string& line) { list_ = curl_slist_append(list_, line.c_str()); }
    curl_slist* list_ = nullptr;
};

Error error_of(CURLcode code, const char* detail, bool too_large) {
    if (too_large) return {ErrorKind::unavailable, "too_large", "the answer is too large"};
    const bool trust = code == CURLE_PEER_FAILED_VERIFICATION || code == CURLE_SSL_CERTPROBLEM ||
                       code == CURLE_SSL_CACERT_BADFILE || code == CURLE_SSL_ISSUER_ERROR;
    const std::string why = *detail != '\0' ? detail : curl_easy_strerror(code);
    return {ErrorKind::unavailable, trust ? "not_trusted" : "no_answer", why};
}

}  // namespace

struct Client::State {
    Trust trust;
    Limits limits;
    Egress egress;
    Door door{&egress};
    CURL* handle = nullptr;
    std::atomic<bool> stopping = false;

    ~State() { curl_easy_cleanup(handle); }

    template <class Value>
    void set(CURLoption option, Value value) const {
        VERIFY(curl_easy_setopt(handle, option, value) == CURLE_OK);
    }
    void set_up(const Request& request, const HeaderList& headers, Incoming& incoming);
};

Client::Client(Trust trust, Limits limits, Egress egress) : state_(std::make_unique<State>()) {
    static const auto ready = curl_global_init(CURL_GLOBAL_DEFAULT);
    VERIFY(ready == CURLE_OK);
    state_->trust = std::move(trust);
    state_->limits = limits;
    state_->egress = std::move(egress);
    state_->handle = curl_easy_init();
    VERIFY(state_->handle != nullptr);
}

Client::~Client() = default;
Client::Client(Client&&) noexcept = default;
Client& Client::operator=(Client&&) noexcept = default;

void Client::stop() { state_->stopping = true; }

void Client::State::set_up(const Request& request, const HeaderList& headers, Incoming& incoming) {
    curl_easy_reset(handle);
    set(CURLOPT_URL, request.url.c_str());
    set(CURLOPT_PROTOCOLS_STR, "http,https");
    set(CURLOPT_NOSIGNAL, 1L);
    set(CURLOPT_CUSTOMREQUEST, request.method.c_str());
    if (request.method == "HEAD") set(CURLOPT_NOBODY, 1L);
    if (!request.body.empty() || request.method == "POST" || request.method == "PUT") {
        set(CURLOPT_POSTFIELDS, request.body.data());
        set(CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request.body.size()));
    }
    set(CURLOPT_HTTPHEADER, headers.get());
    set(CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(limits.connect_max.count()));
    set(CURLOPT_TIMEOUT_MS, static_cast<long>(limits.total_max.count()));
    set(CURLOPT_WRITEFUNCTION, &take_body);
    set(CURLOPT_WRITEDATA, static_cast<void*>(&incoming));
    set(CURLOPT_HEADERFUNCTION, &take_header);
    set(CURLOPT_HEADERDATA, static_cast<void*>(&incoming));
    set(CURLOPT_NOPROGRESS, 0L);
    set(CURLOPT_XFERINFOFUNCTION, &keep_going);
    set(CURLOPT_XFERINFODATA, static_cast<void*>(&stopping));
    door.refused = false;
    if (egress.public_only) {
        set(CURLOPT_PROXY, "");
        set(CURLOPT_OPENSOCKETFUNCTION, &open_socket);
        set(CURLOPT_OPENSOCKETDATA, static_cast<void*>(&door));
    }
    if (!trust.authority_file.empty()) set(CURLOPT_CAINFO, trust.authority_file.c_str());
    if (!trust.certificate_file.empty()) {
        set(CURLOPT_SSLCERT, trust.certificate_file.c_str());
        set(CURLOPT_SSLKEY, trust.key_file.c_str());
    }
}

Result<Reply> Client::send(const Request& request) {
    Incoming incoming{{}, state_->limits.body_bytes_max};
    const HeaderList headers(request);
    state_->set_up(request, headers, incoming);
    std::string detail(CURL_ERROR_SIZE, '\0');
    state_->set(CURLOPT_ERRORBUFFER, detail.data());
    const auto code = curl_easy_perform(state_->handle);
    state_->set(CURLOPT_ERRORBUFFER, static_cast<char*>(nullptr));
    if (code != CURLE_OK && state_->door.refused) {
        return fail(
            ErrorKind::unavailable, "address_refused", "its address is not of the public Internet");
    }
    if (code != CURLE_OK) {
        return tl::unexpected(error_of(code, detail.c_str(), incoming.too_large));
    }
    long status = 0;
    curl_easy_getinfo(state_->handle, CURLINFO_RESPONSE_CODE, &status);
    incoming.reply.status = static_cast<int>(status);
    return std::move(incoming.reply);
}

}  // namespace mobilytics::fetch
