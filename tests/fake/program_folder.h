#pragma once
#include "gateway/provisioner.h"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>

namespace fake {

/// A folder with a program in it, which goes with it.
class ProgramFolder {
public:
    ProgramFolder()
    {
        std::string pattern{std::filesystem::temp_directory_path() / "provisioner-XXXXXX"};
        if (!::mkdtemp(pattern.data())) throw std::runtime_error{"mkdtemp"};
        path_ = pattern;
    }
    ~ProgramFolder() { std::filesystem::remove_all(path_); }
    ProgramFolder(const ProgramFolder&) = delete;
    ProgramFolder& operator=(const ProgramFolder&) = delete;

    std::filesystem::path path() const { return path_; }
    std::filesystem::path program() const { return path_ / "program"; }

    void write(const std::string& script) const
    {
        std::ofstream{program()} << script;
        std::filesystem::permissions(program(), std::filesystem::perms::owner_all);
    }

    /// The example that we deliver, with its machines in this folder. `before` runs at the beginning of each call.
    void write_example(const std::string& before = "") const
    {
        std::filesystem::create_directory(machines());
        write("#!/bin/sh\n" + before + "\nexec " + std::filesystem::absolute("tools/packaging/provision-example").string() + " "
            + machines().string() + " \"$@\"\n");
    }
    std::filesystem::path machines() const { return path_ / "machines"; }

    std::unique_ptr<gateway::Provisioner> provisioner(std::chrono::seconds deadline = std::chrono::seconds{20}) const
    {
        return gateway::make_exec_provisioner({.program = program(), .deadline = deadline});
    }

private:
    std::filesystem::path path_{};
};

} // namespace fake
