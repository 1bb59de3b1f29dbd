#pragma once
#include "gateway/provisioner.h"

#include <map>
#include <memory>
#include <string>
#include <utility>

namespace gateway {

/// The provisioners of products. A product without one is its image alone.
class ProvisionerSet {
public:
    struct Entry {
        std::unique_ptr<Provisioner> provisioner{};
        bool has_image{true}; ///< storage of ours keeps an image for each machine
    };

    void add(const std::string& product, Entry entry) { entries_[product] = std::move(entry); }

    /// nullptr: there is none.
    const Entry* of(const std::string& product) const
    {
        const auto found = entries_.find(product);
        return found == entries_.end() ? nullptr : &found->second;
    }

    const std::map<std::string, Entry>& all() const { return entries_; }

private:
    std::map<std::string, Entry> entries_{};
};

} // namespace gateway
