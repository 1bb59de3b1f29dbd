#pragma once
#include "work.h"

#include <optional>
#include <string>
#include <vector>

namespace stripe_fake {

/// An event on its way to an endpoint.
struct Delivery {
    std::int64_t number{0};
    std::string event{};
    std::string endpoint{};
    int attempts{0}; ///< that were made before
};

/// Rows of `stripe_fake_deliveries`. What is due is so by the test clock or by the machine's, whichever comes first: so
/// a jump of the test clock brings it, and none holds it up.
class Deliveries {
public:
    static void create_table(store::Session& session);

    explicit Deliveries(store::Session& session) : session_{session} {}

    /// The enabled endpoints that want events of this type.
    std::vector<std::string> endpoints_for(const std::string& type);

    /// The event is due at once, unless a fault of the request's says otherwise.
    void add(const Work& work, const std::string& event, const std::vector<std::string>& endpoints);

    /// Takes the one that is due first, for a while; nobody else gets it meanwhile. nullopt if none is due.
    std::optional<Delivery> claim(std::int64_t now_ms);

    void delivered(const Delivery& delivery, int status);

    /// The endpoint did not say 2xx: once more after a pause of 1 s that grows to 25 s, unless it was tried too often.
    void failed(const Delivery& delivery, int status, std::int64_t now_ms);

    /// There is nobody to tell any more.
    void drop(const Delivery& delivery);

    /// How many endpoints have not been told yet.
    std::int64_t open_for(const std::string& event);

private:
    store::Session& session_;
};

} // namespace stripe_fake
