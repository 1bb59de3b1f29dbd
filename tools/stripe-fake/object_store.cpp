#include "object_store.h"

#include "api_error.h"
#include "ids.h"
#include "store/statement.h"

#include <algorithm>
#include <limits>
#include <stdexcept>

namespace stripe_fake {
namespace {

using Row = std::tuple<std::string, std::string, std::optional<std::string>, std::int64_t, std::string, std::string>;

std::string text_member(const http::Json& object, const char* member)
{
    const char* text = json_string_value(json_object_get(object.get(), member));
    return text ? text : "";
}

http::Json parsed(const std::string& text)
{
    http::Json value{json_loadb(text.data(), text.size(), 0, nullptr)};
    if (!value.get()) throw std::runtime_error{"stripe_fake_objects holds what is no JSON"};
    return value;
}

Object object_of(const Row& row)
{
    const auto& [id, kind, customer, created, body, hidden] = row;
    return {.id = id, .kind = kind, .customer = customer.value_or(""), .created = created, .body = parsed(body), .hidden = parsed(hidden)};
}

std::optional<std::string> null_if_empty(const std::string& text) { return text.empty() ? std::nullopt : std::optional{text}; }

/// The column is ASCII, and MariaDB compares it with nothing else.
bool could_be_id(const std::string& id)
{
    return std::ranges::all_of(id, [](char c) { return c > ' ' && c < '\x7f'; });
}

} // namespace

std::string Object::text(const char* member) const { return text_member(body, member); }
std::string Object::hidden_text(const char* member) const { return text_member(hidden, member); }

Object new_object(const std::string& prefix, const std::string& kind, std::int64_t created)
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
        " kind VARCHAR(32) NOT NULL,"
        " customer VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NULL,"
        " created BIGINT NOT NULL,"
        " body MEDIUMTEXT NOT NULL,"
        " hidden TEXT NOT NULL,"
        " KEY of_customer (customer, kind, number)"
        ") ENGINE = InnoDB");
}

void ObjectStore::add(const Object& object)
{
    store::execute(session_, "INSERT INTO stripe_fake_objects (id, kind, customer, created, body, hidden) VALUES (?, ?, ?, ?, ?, ?)",
        object.id, object.kind, null_if_empty(object.customer), object.created, object.body.dump(), object.hidden.dump());
}

void ObjectStore::save(const Object& object)
{
    store::execute(session_, "UPDATE stripe_fake_objects SET customer = ?, body = ?, hidden = ? WHERE id = ?",
        null_if_empty(object.customer), object.body.dump(), object.hidden.dump(), object.id);
}

std::optional<Object> ObjectStore::find(const std::string& kind, const std::string& id)
{
    if (!could_be_id(id)) return std::nullopt;
    const auto row =
        store::select_first<std::string, std::string, std::optional<std::string>, std::int64_t, std::string, std::string>(session_,
            "SELECT id, kind, customer, created, body, hidden FROM stripe_fake_objects WHERE id = ? AND kind = ? FOR UPDATE", id, kind);
    if (!row) return std::nullopt;
    return object_of(*row);
}

ListPage ObjectStore::of_customer(const std::string& kind, const std::string& customer, const ListPart& part)
{
    const bool backwards = !part.ending_before.empty();
    const auto from = backwards ? number_of(kind, customer, part.ending_before, "ending_before") : 0;
    const auto to = part.starting_after.empty() ? std::numeric_limits<std::int64_t>::max()
                                                : number_of(kind, customer, part.starting_after, "starting_after");
    constexpr auto newest_first = "SELECT id, kind, customer, created, body, hidden FROM stripe_fake_objects"
                                  " WHERE customer = ? AND kind = ? AND number > ? AND number < ? ORDER BY number DESC LIMIT ?";
    constexpr auto oldest_first = "SELECT id, kind, customer, created, body, hidden FROM stripe_fake_objects"
                                  " WHERE customer = ? AND kind = ? AND number > ? AND number < ? ORDER BY number LIMIT ?";
    auto rows = store::select<std::string, std::string, std::optional<std::string>, std::int64_t, std::string, std::string>(
        session_, backwards ? oldest_first : newest_first, customer, kind, from, to, part.limit + 1);

    ListPage page{.has_more = static_cast<std::int64_t>(rows.size()) > part.limit};
    if (page.has_more) rows.pop_back();
    if (backwards) std::ranges::reverse(rows);
    for (const auto& row : rows) page.objects.push_back(object_of(row));
    return page;
}

std::int64_t ObjectStore::number_of(const std::string& kind, const std::string& customer, const std::string& id, const std::string& param)
{
    if (!could_be_id(id)) throw no_such(kind, id, param);
    const auto row = store::select_first<std::int64_t>(
        session_, "SELECT number FROM stripe_fake_objects WHERE id = ? AND kind = ? AND customer = ?", id, kind, customer);
    if (!row) throw no_such(kind, id, param);
    return std::get<0>(*row);
}

} // namespace stripe_fake
