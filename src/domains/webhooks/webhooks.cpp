#include "domains/webhooks/webhooks.h"

#include <algorithm>

#include <boost/json/serialize.hpp>
#include <boost/json/value_from.hpp>

#include "domains/webhooks/delivery.h"
#include "domains/webhooks/signature.h"
#include "domains/webhooks/webhook_store.h"
#include "platform/audit/audit.h"

namespace mobilytics::webhooks {

namespace {

constexpr std::string_view kTest = "webhooks.test";
constexpr std::string_view kAll = "*";

tl::unexpected<Error> no_such_webhook(EndpointId id) {
    return fail(ErrorKind::not_found, "no_such_webhook", id.str());
}

/// What one endpoint is to be told.
struct News {
    std::string_view event_type;
    const boost::json::object& data;
    std::optional<events::EventNumber> number = {};
};

/// Keeps it, and has it delivered; none, when the endpoint has this event already. Whoever tells,
/// and whoever sends, does so with the endpoint's row locked: see delivery.h.
std::optional<MessageId> send(
    pg::Transaction& tx, EndpointId endpoint, const News& news, Instant now) {
    const auto sending = lock_sending(tx, endpoint);
    if (!sending || (news.number && has_event(tx, endpoint, *news.number))) return std::nullopt;
    const auto sequence = take_sequence(tx, endpoint);
    const boost::json::object body{
        {"type", news.event_type},
        {"timestamp", to_iso8601(now)},
        {"sequence", sequence},
        {"data", news.data}};
    Message message;
    message.id = MessageId::fresh(now);
    message.endpoint = endpoint;
    message.event_type = std::string(news.event_type);
    message.body = boost::json::serialize(body);
    message.created_at = now;
    message.event_number = news.number;
    message.sequence = sequence;
    insert(tx, message);
    wake(tx, endpoint, sending->slow, now, sending->held_until.value_or(now));
    return message.id;
}

/// Attempts go by their ids.
struct AttemptOrder {
    std::optional<AttemptId> after;
    bool descending = true;
};
Result<AttemptOrder> order_of(const PageRequest& page, const AttemptFilter& filter) {
    const auto sort = filter.sort.value_or("-begun_at");
    if (sort != "begun_at" && sort != "-begun_at") {
        return fail(ErrorKind::invalid, "bad_sort", "this list is sorted by begun_at or -begun_at");
    }
    TRY(const auto after, page.after<AttemptId>());
    return AttemptOrder{
        page.cursor.empty() ? std::nullopt : std::optional(after), sort.starts_with('-')};
}

boost::json::value json_of(const Endpoint& endpoint) {
    boost::json::object out{
        {"url", endpoint.url},
        {"event_types", boost::json::value_from(endpoint.event_types)},
        {"state", word(endpoint.state)}};
    if (endpoint.description) out["description"] = *endpoint.description;
    return out;
}

/// What it was and what it is; null for what is not there, or is not the point.
struct Change {
    boost::json::value before = nullptr, after = nullptr;
};

audit::Entry entry_of(
    const Caller& caller, const char* action, const Endpoint& endpoint, Change change = {}) {
    return {
        .action = action,
        .actor = audit::actor_of(caller),
        .targets = {{"webhook", endpoint.id.str(), endpoint.url}},
        .before = std::move(change.before),
        .after = std::move(change.after)};
}

}  // namespace

boost::json::value EndpointDisabled::to_json() const {
    return {
        {"company", company.str()},
        {"endpoint", endpoint.str()},
        {"url", url},
        {"state", word(state)}};
}

EndpointDisabled EndpointDisabled::from_json(const boost::json::value& json) {
    const auto text = [&json](const char* field) {
        return std::string(json.at(field).as_string());
    };
    const auto state = from_word<EndpointState>(text("state"));
    VERIFY(state);
    return {
        pg::verified(CompanyId::parse(text("company"))),
        pg::verified(EndpointId::parse(text("endpoint"))), text("url"), *state};
}

Webhooks::Webhooks(
    pg::Pool& pool, pg::StaffPool& staff, const crypto::SealedBox& seal, const Clock& clock,
    WebhooksConfig config)
    : pool_(pool), staff_(staff), seal_(seal), clock_(clock), config_(std::move(config)) {}

void Webhooks::add(EventType type) {
    const auto name = type.name;
    VERIFY(types_.emplace(name, std::move(type)).second);
}

void Webhooks::serve(jobs::Workers& workers) {
    serve_deliveries(workers, pool_, seal_, clock_, config_);
}

void Webhooks::tell(CompanyId company, const Told& told) {
    auto tx = pool_.begin(company);
    for (const auto endpoint : select_subscribers(tx, told.event_type)) {
        send(tx, endpoint, {told.event_type, told.data, told.number}, clock_.now());
    }
    tx.commit();
}

Result<> Webhooks::check(const std::string& url) const {
    TRY(const auto parts, fetch::parse_url(url));
    if (parts.has_user) {
        return fail(ErrorKind::invalid, "bad_url", "a password does not belong into the address");
    }
    if (parts.scheme != "https" && !config_.allow_http) {
        return fail(ErrorKind::invalid, "not_https", "the address is to begin with https://");
    }
    if (names_refused_address(parts, config_.egress)) {
        return fail(
            ErrorKind::invalid, "address_refused", "this address is not of the public Internet");
    }
    return {};
}

Result<> Webhooks::check(const std::vector<std::string>& event_types) const {
    for (const auto& type : event_types) {
        if (type != kAll && !types_.contains(type)) {
            return fail(
                ErrorKind::invalid, "no_such_event_type",
                "there is no event type \"" + type + "\"; see /api/v1/webhook-event-types");
        }
    }
    return {};
}

Result<EndpointPage> Webhooks::list_endpoints(
    const Caller& caller, const PageRequest& page, const EndpointSort& sort) {
    TRY(const auto sorting, pg::sorting_of(sort.sort, page, {"created_at", "url", "state"}));
    auto tx = pool_.begin(caller.company);
    return pg::sorted_page(
        select_sorted(tx, {tx.company(), {}, {}, sorting, page.limit + 1}, clock_.now()),
        page.limit, sorting);
}

Result<EndpointWithSecret> Webhooks::create_endpoint(const Caller& caller, NewEndpoint wanted) {
    CHECK(check(wanted.url));
    CHECK(check(wanted.event_types));
    const auto now = clock_.now();
    auto tx = pool_.begin(caller.company);
    if (count_endpoints(tx) >= config_.endpoints_max) {
        return fail(
            ErrorKind::conflict, "too_many_webhooks",
            "a company has at most " + std::to_string(config_.endpoints_max));
    }
    Endpoint made;
    made.id = EndpointId::fresh(now);
    made.company_id = caller.company;
    made.url = std::move(wanted.url);
    made.description = std::move(wanted.description);
    made.event_types = std::move(wanted.event_types);
    made.state = EndpointState::enabled;
    made.state_since = made.created_at = now;
    const auto secret = new_secret();
    insert(tx, made, seal_.seal(secret, made.id.str()));
    audit::append(
        tx, now, entry_of(caller, "webhooks.webhook_created", made, {nullptr, json_of(made)}));
    tx.commit();
    return EndpointWithSecret{std::move(made), secret.reveal()};
}

Result<Endpoint> Webhooks::find_endpoint(const Caller& caller, EndpointId id) {
    auto tx = pool_.begin(caller.company);
    auto found = select(tx, id, clock_.now());
    if (!found) return no_such_webhook(id);
    return *std::move(found);
}

Result<Endpoint> Webhooks::change_endpoint(
    const Caller& caller, EndpointId id, EndpointChange wanted) {
    if (wanted.url) CHECK(check(*wanted.url));
    if (wanted.event_types) CHECK(check(*wanted.event_types));
    const auto now = clock_.now();
    auto tx = pool_.begin(caller.company);
    if (!lock(tx, id)) return no_such_webhook(id);
    auto endpoint = *select(tx, id, now);
    const auto before = json_of(endpoint);
    if (wanted.url) {
        endpoint.url = *std::move(wanted.url);  // Of which we know nothing bad yet.
        endpoint.failures_in_row = 0;
        endpoint.held_until = std::nullopt;
    }
    if (wanted.description) endpoint.description = std::move(wanted.description);
    if (wanted.event_types) endpoint.event_types = *std::move(wanted.event_types);
    const bool was_enabled = endpoint.state == EndpointState::enabled;
    if (wanted.enabled && *wanted.enabled != was_enabled) {
        endpoint.state =
            *wanted.enabled ? EndpointState::enabled : EndpointState::disabled_by_company;
        endpoint.state_since = now;
        endpoint.failing_since = std::nullopt;
        endpoint.failures_in_row = 0;
        endpoint.held_until = std::nullopt;
    }
    update(tx, endpoint);
    audit::append(
        tx, now,
        entry_of(caller, "webhooks.webhook_changed", endpoint, {before, json_of(endpoint)}));
    if (endpoint.state == EndpointState::enabled && (!was_enabled || wanted.url)) {
        begin_all_anew(tx, id);
        wake(tx, id, false, now, now);
    }
    tx.commit();
    return endpoint;
}

Result<> Webhooks::delete_endpoint(const Caller& caller, EndpointId id) {
    auto tx = pool_.begin(caller.company);
    const auto endpoint = select(tx, id, clock_.now());
    if (!endpoint || !erase(tx, id)) return no_such_webhook(id);
    audit::append(
        tx, clock_.now(),
        entry_of(caller, "webhooks.webhook_deleted", *endpoint, {json_of(*endpoint), nullptr}));
    tx.commit();
    return {};
}

Result<Sent> Webhooks::send_test(const Caller& caller, EndpointId id) {
    auto tx = pool_.begin(caller.company);
    const auto endpoint = select(tx, id, clock_.now());
    if (!endpoint) return no_such_webhook(id);
    if (endpoint->state != EndpointState::enabled) {
        return fail(ErrorKind::conflict, "webhook_disabled", "enable it first");
    }
    const boost::json::object data{{"webhook_id", id.str()}, {"text", "This is a test."}};
    const auto message = send(tx, id, {kTest, data}, clock_.now());
    if (!message) return no_such_webhook(id);
    tx.commit();
    return Sent{*message};
}

Result<EndpointWithSecret> Webhooks::rotate_secret(const Caller& caller, EndpointId id) {
    const auto now = clock_.now();
    auto tx = pool_.begin(caller.company);
    if (!lock(tx, id)) return no_such_webhook(id);
    const auto before = select_secrets(tx, id);
    const auto secret = new_secret();
    update_secrets(
        tx, id, {seal_.seal(secret, id.str()), before->newest, now + config_.old_secret_lives},
        now);
    auto endpoint = *select(tx, id, now);
    audit::append(tx, now, entry_of(caller, "webhooks.secret_rotated", endpoint));
    tx.commit();
    return EndpointWithSecret{std::move(endpoint), secret.reveal()};
}

Result<AttemptPage> Webhooks::list_attempts(
    const Caller& caller, EndpointId id, const PageRequest& page, const AttemptFilter& filter) {
    TRY(const auto order, order_of(page, filter));
    auto tx = pool_.begin(caller.company);
    if (!select(tx, id, clock_.now())) return no_such_webhook(id);
    return page_of(
        select_attempts(
            tx, {tx.company(), id, order.after, order.descending, filter.failed, page.limit + 1}),
        page.limit);
}

Result<Sent> Webhooks::replay_attempt(const Caller& caller, AttemptId id) {
    const auto now = clock_.now();
    auto tx = pool_.begin(caller.company);
    const auto attempt = select(tx, id);
    if (!attempt) return fail(ErrorKind::not_found, "no_such_attempt", id.str());
    const auto endpoint = select(tx, attempt->endpoint_id, now);
    if (!endpoint || endpoint->state != EndpointState::enabled) {
        return fail(ErrorKind::conflict, "webhook_disabled", "enable it first");
    }
    const auto sending = lock_sending(tx, attempt->endpoint_id);
    if (!sending) return no_such_webhook(attempt->endpoint_id);
    begin_anew(tx, attempt->message_id);
    wake(tx, attempt->endpoint_id, sending->slow, now, sending->held_until.value_or(now));
    audit::append(tx, now, entry_of(caller, "webhooks.message_replayed", *endpoint));
    tx.commit();
    return Sent{attempt->message_id};
}

Result<EventTypes> Webhooks::list_event_types(const Caller&) {
    EventTypes out;
    for (const auto& [name, type] : types_) out.items.push_back(type);
    return out;
}

Result<EndpointPage> Webhooks::list_all_endpoints(
    const Caller&, const PageRequest& page, const EndpointFilter& filter) {
    TRY(const auto sorting, pg::sorting_of(filter.sort, page, {"created_at", "url", "state"}));
    auto tx = staff_.begin();
    return pg::sorted_page(
        select_sorted(
            tx, {filter.company_id, {}, filter.state, sorting, page.limit + 1}, clock_.now()),
        page.limit, sorting);
}

Result<AttemptPage> Webhooks::list_attempts_of_all(
    const Caller&, EndpointId id, const PageRequest& page, const AttemptFilter& filter) {
    TRY(const auto order, order_of(page, filter));
    auto tx = staff_.begin();
    if (!exists_for_staff(tx, id)) return no_such_webhook(id);
    return page_of(
        select_attempts(
            tx, {std::nullopt, id, order.after, order.descending, filter.failed, page.limit + 1}),
        page.limit);
}

}  // namespace mobilytics::webhooks
