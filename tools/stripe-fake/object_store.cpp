#include "object_store.h"

#include "api_error.h"
#include "ids.h"
#include "store/statement.h"

#include <algorithm>
#include <map>
#include <stdexcept>

namespace stripe_fake {
namespace {

using Text = std::string;
using MaybeText = std::optional<std::string>;
using Row = std::tuple<Text, Text, MaybeText, MaybeText, MaybeText, MaybeText, std::int64_t, Text, Text>;

#define STRIPE_FAKE_COLUMNS "id, kind, customer, payment_intent, charge, topic, created, body, hidden"

template <class... Args> std::vector<Row> select_rows(store::Session& session, const char* sql, const Args&... args)
{
    return store::select<Text, Text, MaybeText, MaybeText, MaybeText, MaybeText, std::int64_t, Text, Text>(session, sql, args...);
}

Text text_member(const http::Json& object, const char* member)
{
    const char* text = json_string_value(json_object_get(object.get(), member));
    return text ? text : "";
}

http::Json parsed(const Text& text)
{
    http::Json value{json_loadb(text.data(), text.size(), 0, nullptr)};
    if (!value.get()) throw std::runtime_error{"stripe_fake_objects holds what is no JSON"};
    return value;
}

Object object_of(const Row& row)
{
    const auto& [id, kind, customer, payment_intent, charge, topic, created, body, hidden] = row;
    return {.id = id,
        .kind = kind,
        .customer = customer.value_or(""),
        .payment_intent = payment_intent.value_or(""),
        .charge = charge.value_or(""),
        .topic = topic.value_or(""),
        .created = created,
        .body = parsed(body),
        .hidden = parsed(hidden)};
}

std::optional<Object> first_of(const std::vector<Row>& rows)
{
    if (rows.empty()) return std::nullopt;
    return object_of(rows.front());
}

MaybeText null_if_empty(const Text& text) { return text.empty() ? std::nullopt : std::optional{text}; }

/// The column is ASCII, and MariaDB compares it with nothing else.
bool could_be_id(const Text& id)
{
    return std::ranges::all_of(id, [](char c) { return c > ' ' && c < '\x7f'; });
}

/// The column by whose index a list is read.
const char* index_of(const Filter& filter)
{
    if (!filter.payment_intent.empty()) return "payment_intent";
    if (!filter.charge.empty()) return "charge";
    if (!filter.customer.empty()) return "customer";
    return "id";
}

/// One statement for each index and direction; all at addresses that last, see statement.h.
const char* list_statement(const char* index, bool oldest_first)
{
    static const auto statements = [] {
        std::map<std::pair<std::string, bool>, std::string> all;
        for (const std::string column : {"payment_intent", "charge", "customer", "id"})
            for (const bool ascending : {false, true})
                all[{column, ascending}] = "SELECT " STRIPE_FAKE_COLUMNS " FROM stripe_fake_objects WHERE kind = ?"
                                           " AND (? = '' OR customer = ?) AND (? = '' OR payment_intent = ?) AND (? = '' OR charge = ?)"
                                           " AND (? = '' OR FIND_IN_SET(topic, ?)) AND (? = '' OR topic LIKE ?)"
                                           " AND (? = '' OR JSON_VALUE(body, '$.email') = ?)"
                                           " AND (? = '' OR JSON_VALUE(body, '$.type') = ?)"
                                           " AND created BETWEEN ? AND ? AND number > ? AND number < ? AND "
                    + (column == "id" ? "? = ''" : column + " = ?") + " ORDER BY number " + (ascending ? "" : "DESC ") + "LIMIT ?";
        return all;
    }();
    return statements.at({index, oldest_first}).c_str();
}

const Text& chosen_by(const Filter& filter)
{
    static const Text nothing;
    if (!filter.payment_intent.empty()) return filter.payment_intent;
    if (!filter.charge.empty()) return filter.charge;
    return filter.customer.empty() ? nothing : filter.customer;
}

} // namespace

Text Object::text(const char* member) const { return text_member(body, member); }
Text Object::hidden_text(const char* member) const { return text_member(hidden, member); }
std::int64_t Object::integer(const char* member) const { return json_integer_value(json_object_get(body.get(), member)); }
http::Json Object::snapshot() const { return http::Json{json_deep_copy(body.get())}; }

Object new_object(const Text& prefix, const Text& kind, std::int64_t created)
{
    Object object{.id = fresh_id(prefix), .kind = kind, .created = created};
    object.body.set("id", object.id)
        .set("object", kind)
        .set("created", created)
        .set("livemode", false)
        .set("metadata", http::Json::object());
    return object;
}

void ObjectStore::create_table(store::Session& session)
{
    store::execute(session,
        "CREATE TABLE IF NOT EXISTS stripe_fake_objects ("
        " number BIGINT NOT NULL AUTO_INCREMENT UNIQUE,"
        " id VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL PRIMARY KEY,"
        " kind VARCHAR(64) NOT NULL,"
        " customer VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NULL,"
        " created BIGINT NOT NULL,"
        " body MEDIUMTEXT NOT NULL,"
        " hidden TEXT NOT NULL,"
        " KEY of_customer (customer, kind, number)"
        ") ENGINE = InnoDB");
    store::execute(session,
        "ALTER TABLE stripe_fake_objects"
        " ADD COLUMN IF NOT EXISTS payment_intent VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NULL AFTER customer,"
        " ADD COLUMN IF NOT EXISTS charge VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NULL AFTER payment_intent,"
        " ADD COLUMN IF NOT EXISTS topic VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NULL AFTER charge,"
        " ADD KEY IF NOT EXISTS of_payment_intent (payment_intent, kind, number),"
        " ADD KEY IF NOT EXISTS of_charge (charge, kind, number),"
        " ADD KEY IF NOT EXISTS of_kind (kind, number)");
}

void ObjectStore::add(const Object& object)
{
    store::execute(session_,
        "INSERT INTO stripe_fake_objects (id, kind, customer, payment_intent, charge, topic, created, body, hidden)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        object.id, object.kind, null_if_empty(object.customer), null_if_empty(object.payment_intent), null_if_empty(object.charge),
        null_if_empty(object.topic), object.created, object.body.dump(), object.hidden.dump());
}

void ObjectStore::save(const Object& object)
{
    store::execute(session_, "UPDATE stripe_fake_objects SET kind = ?, customer = ?, body = ?, hidden = ? WHERE id = ?", object.kind,
        null_if_empty(object.customer), object.body.dump(), object.hidden.dump(), object.id);
}

void ObjectStore::remove(const Text& id) { store::execute(session_, "DELETE FROM stripe_fake_objects WHERE id = ?", id); }

std::optional<Object> ObjectStore::find(const Text& kind, const Text& id)
{
    if (!could_be_id(id)) return std::nullopt;
    return first_of(
        select_rows(session_, "SELECT " STRIPE_FAKE_COLUMNS " FROM stripe_fake_objects WHERE id = ? AND kind = ? FOR UPDATE", id, kind));
}

std::optional<Object> ObjectStore::look_at(const Text& id)
{
    if (!could_be_id(id)) return std::nullopt;
    return first_of(select_rows(session_, "SELECT " STRIPE_FAKE_COLUMNS " FROM stripe_fake_objects WHERE id = ?", id));
}

ListPage ObjectStore::list(const Text& kind, const Filter& filter, const ListPart& part)
{
    for (const auto* id : {&filter.customer, &filter.payment_intent, &filter.charge, &filter.topics, &filter.topic_like})
        if (!could_be_id(*id)) return {};
    const bool backwards = !part.ending_before.empty();
    const auto from = backwards ? number_of(kind, part.ending_before, "ending_before") : 0;
    const auto to =
        part.starting_after.empty() ? std::numeric_limits<std::int64_t>::max() : number_of(kind, part.starting_after, "starting_after");
    auto rows = select_rows(session_, list_statement(index_of(filter), backwards), kind, filter.customer, filter.customer,
        filter.payment_intent, filter.payment_intent, filter.charge, filter.charge, filter.topics, filter.topics, filter.topic_like,
        filter.topic_like, filter.email, filter.email, filter.type, filter.type, filter.created_from, filter.created_to, from, to,
        chosen_by(filter), part.limit + 1);

    ListPage page{.has_more = static_cast<std::int64_t>(rows.size()) > part.limit};
    if (page.has_more) rows.pop_back();
    if (backwards) std::ranges::reverse(rows);
    for (const auto& row : rows) page.objects.push_back(object_of(row));
    return page;
}

std::int64_t ObjectStore::number_of(const Text& kind, const Text& id, const Text& param)
{
    const auto row = could_be_id(id)
        ? store::select_first<std::int64_t>(session_, "SELECT number FROM stripe_fake_objects WHERE id = ? AND kind = ?", id, kind)
        : std::nullopt;
    if (!row) throw no_such(kind, id, param);
    return std::get<0>(*row);
}

} // namespace stripe_fake
