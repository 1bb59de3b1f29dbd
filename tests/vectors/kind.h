#pragma once
#include <filesystem>
#include <jansson.h>
#include <string>
#include <vector>

// What the runner knows of a kind of vectors: how to tell its files from others, and how to play one.
namespace vectors {

namespace fs = std::filesystem;

/// One vector that was played; no faults: it passed.
struct Outcome {
    std::string name{};
    std::vector<std::string> faults{};
};

struct Kind {
    /// Whether the file is of this kind, by its folder and by what it holds; `content` is nullptr if that is no JSON.
    bool (*knows)(const fs::path& file, json_t* content);

    /// Plays every vector in the file; `programs` is the folder of our tools.
    std::vector<Outcome> (*play)(const fs::path& file, json_t* content, const fs::path& programs);
};

extern const Kind billing;
extern const Kind stripe_signatures;
extern const Kind camt;
extern const Kind ibans;
extern const Kind pain;
extern const Kind printed;
extern const Kind qr_payloads;
extern const Kind references;
extern const Kind swico;
extern const Kind uids;
extern const Kind vat_cases;
extern const Kind vat_ids;
extern const Kind vat_notes;
extern const Kind vat_rates;

} // namespace vectors
