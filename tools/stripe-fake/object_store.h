#pragma once
#include "http/json.h"
#include "store/database.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace stripe_fake {

/// One object of the API.
struct Object {
    std::string id{};
    std::string kind{};                      ///< what its member "object" says: "customer"
    std::string customer{};                  ///< whose it is; empty: nobody's
    std::int64_t created{0};                 ///< Unix seconds
    http::Json body{http::Json::object()};   ///< what is told
    http::Json hidden{http::Json::object()}; ///< what only the gateway knows, such as how a card behaves

    /// The body's member, or empty if it is no text.
    std::string text(const char* member) const;
    std::string hidden_text(const char* member) const;
};

/// A new object with the members that all have.
Object new_object(const std::string& prefix, const std::string& kind, std::int64_t created);

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

    /// Writes what changed: customer, body, hidden.
    void save(const Object& object);

    /// The object, locked until the transaction ends.
    std::optional<Object> find(const std::string& kind, const std::string& id);

    /// @throws ApiError if the object that begins or ends the part is none of the list
    ListPage of_customer(const std::string& kind, const std::string& customer, const ListPart& part);

private:
    std::int64_t number_of(const std::string& kind, const std::string& customer, const std::string& id, const std::string& param);

    store::Session& session_;
};

} // namespace stripe_fake
