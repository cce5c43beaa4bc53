#include "platform/http/request_reader.h"

#include <algorithm>
#include <string>

#include <boost/beast/core/string.hpp>
#include <boost/beast/http/basic_parser.hpp>
#include <boost/beast/http/error.hpp>

namespace mobilytics::http {

namespace beast = boost::beast;

namespace {

constexpr std::size_t kFieldsMax = 100;
constexpr std::string_view kEnd = "\r\n\r\n";

Reply bad_request(std::string detail) {
    return problem(400, {ErrorKind::invalid, "bad_request", std::move(detail)});
}

Reply refusal_of(beast::error_code failed) {
    using beast::http::error;
    if (failed == error::header_limit) {
        return problem(431, {ErrorKind::invalid, "header_too_large", "the header is too large"});
    }
    if (failed == error::body_limit) {
        return problem(413, {ErrorKind::invalid, "body_too_large", "the body is too large"});
    }
    if (failed == error::bad_version) {
        return problem(505, {ErrorKind::invalid, "bad_version", "we speak HTTP/1.1"});
    }
    return bad_request("this is not HTTP: " + failed.message());
}

bool is_digits(std::string_view text) {
    return !text.empty() && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

}  // namespace

/// Of Beast, its grammar; what comes out of it is ours.
class RequestReader::Parser final : public beast::http::basic_parser<true> {
  public:
    explicit Parser(const ReadLimits& limits) : limits_(limits) {
        header_limit(
            static_cast<std::uint32_t>(limits.header_bytes_max + 1));  // Ours is before it.
        body_limit(boost::none);
    }

    std::size_t read(std::string_view bytes) {
        std::size_t taken = is_header_done() ? 0 : read_header(bytes);
        while (!refusal && is_header_done() && !is_done() && taken < bytes.size()) {
            const auto count = parse(bytes.substr(taken));
            taken += count;
            if (count == 0) break;
        }
        return taken;
    }

    std::optional<Reply> refusal;
    Request request;
    bool expects_continue = false;

  private:
    std::size_t parse(std::string_view bytes) {
        beast::error_code failed;
        const auto count = put(boost::asio::const_buffer(bytes.data(), bytes.size()), failed);
        if (failed && failed != beast::http::error::need_more) refusal = refusal_of(failed);
        return count;
    }

    /// All of it at once, when it is there: so it is read in one way, in whatever pieces it comes.
    std::size_t read_header(std::string_view bytes) {
        if (bytes.empty()) return 0;
        if (bytes[0] < 'A' || bytes[0] > 'Z') {  // TLS, perhaps, which would wait for an answer.
            refusal = bad_request("this is not HTTP");
            return 0;
        }
        const auto end = bytes.find(kEnd, searched_ - std::min(searched_, kEnd.size() - 1));
        searched_ = bytes.size();
        const auto size = end == bytes.npos ? bytes.size() + 1 : end + kEnd.size();
        if (size > limits_.header_bytes_max) {
            refusal = refusal_of(beast::http::error::header_limit);
            return 0;
        }
        if (end == bytes.npos) return 0;
        const auto count = parse(bytes.substr(0, size));
        if (!refusal && !is_header_done()) refusal = bad_request("this is not a header");
        if (!refusal) check_header(bytes.substr(0, size));
        return count;
    }

    void check_header(std::string_view raw) {
        refusal = fault_of_header(raw);
        if (refusal || !limits_.body_bytes_max) return;
        const auto most = limits_.body_bytes_max(request.method, request.target);
        body_limit(most);
        if (content_length().value_or(0) > most)
            refusal = refusal_of(beast::http::error::body_limit);
    }

    std::optional<Reply> fault_of_header(std::string_view raw) {
        const auto& headers = request.headers;
        if (raw.find("\n ") != raw.npos || raw.find("\n\t") != raw.npos) {
            return bad_request("a header goes on in the next line");
        }
        if (headers.size() > kFieldsMax) {
            return problem(431, {ErrorKind::invalid, "header_too_large", "too many headers"});
        }
        const auto hosts = headers.count("Host");
        if (hosts > 1 || (hosts == 0 && version_ == 11)) return bad_request("say one Host");
        if (auto fault = fault_of_length()) return fault;
        if (request.method == verb::unknown || request.method == verb::connect) {
            return problem(501, {ErrorKind::invalid, "no_such_method", "this method is not ours"});
        }
        const auto expect = headers.get("Expect");
        expects_continue = beast::iequals(expect, "100-continue");
        if (!expect.empty() && !expects_continue) {
            return problem(417, {ErrorKind::invalid, "bad_expectation", "we cannot meet Expect"});
        }
        return std::nullopt;
    }

    /// Where a request ends must be beyond doubt.
    std::optional<Reply> fault_of_length() {
        const auto& headers = request.headers;
        const auto lengths = headers.count("Content-Length");
        const auto codings = headers.count("Transfer-Encoding");
        if (lengths > 1 || codings > 1 || (lengths > 0 && codings > 0)) {
            return bad_request("say the length in one way");
        }
        if (lengths == 1 && !is_digits(headers.get("Content-Length"))) {
            return bad_request("Content-Length is not a number");
        }
        if (codings == 0) return std::nullopt;
        if (version_ < 11) return bad_request("HTTP/1.0 has no Transfer-Encoding");
        if (!beast::iequals(headers.get("Transfer-Encoding"), "chunked") || !chunked()) {
            return problem(501, {ErrorKind::invalid, "bad_encoding", "we read only chunked"});
        }
        return std::nullopt;
    }

    void on_request_impl(
        verb method, beast::string_view, beast::string_view target, int version,
        beast::error_code&) override {
        request.method = method;
        request.target = std::string(target);
        version_ = version;
    }
    void on_response_impl(int, beast::string_view, int, beast::error_code&) override {}
    void on_field_impl(
        beast::http::field, beast::string_view name, beast::string_view value,
        beast::error_code&) override {
        if (is_header_read_) return;  // A trailer: nobody asked for it, and it may contradict.
        if (request.headers.size() <= kFieldsMax) request.headers.add(name, value);
    }
    void on_header_impl(beast::error_code&) override { is_header_read_ = true; }
    void on_body_init_impl(const boost::optional<std::uint64_t>&, beast::error_code&) override {}
    std::size_t on_body_impl(beast::string_view bytes, beast::error_code&) override {
        request.body.append(bytes);
        return bytes.size();
    }
    void on_chunk_header_impl(std::uint64_t, beast::string_view, beast::error_code&) override {}
    std::size_t on_chunk_body_impl(
        std::uint64_t, beast::string_view bytes, beast::error_code&) override {
        request.body.append(bytes);
        return bytes.size();
    }
    void on_finish_impl(beast::error_code&) override {}

    const ReadLimits& limits_;
    std::size_t searched_ = 0;  // Of the header, for its end.
    int version_ = 11;
    bool is_header_read_ = false;
};

RequestReader::RequestReader(const ReadLimits& limits)
    : parser_(std::make_unique<Parser>(limits)) {}
RequestReader::~RequestReader() = default;

std::size_t RequestReader::put(std::string_view bytes) { return parser_->read(bytes); }

bool RequestReader::header_done() const { return parser_->is_header_done(); }
bool RequestReader::done() const { return parser_->refusal || parser_->is_done(); }
const std::optional<Reply>& RequestReader::refusal() const { return parser_->refusal; }
bool RequestReader::expects_continue() const { return parser_->expects_continue; }
bool RequestReader::keep_alive() const { return !parser_->refusal && parser_->keep_alive(); }
std::size_t RequestReader::body_bytes() const { return parser_->request.body.size(); }

std::optional<std::uint64_t> RequestReader::body_bytes_promised() const {
    const auto length = parser_->content_length();
    if (!length) return std::nullopt;
    return *length;
}

Request RequestReader::take() { return std::move(parser_->request); }

}  // namespace mobilytics::http
