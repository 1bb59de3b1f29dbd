#pragma once
#include "http/json.h"
#include "store/database.h"

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <vector>

namespace stripe_fake {

/// One object of the API.
struct Object {
    std::string id{};
    std::string kind{};                      ///< what its member "object" says: "customer"
    std::string customer{};                  ///< whose it is; empty: nobody's
    std::string payment_intent{};            ///< what it belongs to; empty: none
    std::string charge{};                    ///< the same
    std::string topic{};                     ///< what else its list is filtered by: an event's type, a balance transaction's source
    std::int64_t created{0};                 ///< Unix seconds
    http::Json body{http::Json::object()};   ///< what is told
    http::Json hidden{http::Json::object()}; ///< what only the gateway knows, such as how a card behaves

    /// The body's member, or empty if it is no text.
    std::string text(const char* member) const;
    std::string hidden_text(const char* member) const;

    /// The body's member, or 0 if it is no integer.
    std::int64_t integer(const char* member) const;

    /// The body as it is now, in a copy of its own.
    http::Json snapshot() const;
};

/// A new object with the members that all have.
Object new_object(const std::string& prefix, const std::string& kind, std::int64_t created);

/// Which objects of a kind; what is empty chooses nothing.
struct Filter {
    std::string customer{};
    std::string payment_intent{};
    std::string charge{};
    std::string topics{};     ///< one of these, separated by commas
    std::string topic_like{}; ///< LIKE pattern: "charge.%"
    std::string email{};      ///< the member of the body
    std::string type{};       ///< the same
    std::int64_t created_from{0};
    std::int64_t created_to{std::numeric_limits<std::int64_t>::max()}; ///< inclusive
};

/// Which part of a list: the `limit` objects before or after one in it, newest first.
struct ListPart {
    std::int64_t limit{10};
    std::string starting_after{};
    std::string ending_before{};
};

struct ListPage {
    std::vector<Object> objects{};
    bool has_more{false};
};

/// Rows of `stripe_fake_objects`.
class ObjectStore {
public:
    static void create_table(store::Session& session);

    explicit ObjectStore(store::Session& session) : session_{session} {}

    void add(const Object& object);

    /// Writes what changed: kind, customer, body, hidden.
    void save(const Object& object);

    void remove(const std::string& id);

    /// The object, locked until the transaction ends.
    std::optional<Object> find(const std::string& kind, const std::string& id);

    /// The object of whatever kind, to be shown only.
    std::optional<Object> look_at(const std::string& id);

    /// @throws ApiError if the object that begins or ends the part is none of this kind
    ListPage list(const std::string& kind, const Filter& filter, const ListPart& part);

private:
    std::int64_t number_of(const std::string& kind, const std::string& id, const std::string& param);

    store::Session& session_;
};

} // namespace stripe_fake
