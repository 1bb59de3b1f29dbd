#pragma once
#include <string>

namespace client {

/// Writes the content into a file beside it, mode 0600, and puts that in its place: after a crash there is the one or the
/// other, and nobody else ever reads it. @throws Failure if that fails.
void replace_file(const std::string& file, const std::string& content);

/// Makes the name of a new file last through a crash of the machine. @throws Failure if that fails.
void sync_folder_of(const std::string& file);

/// Writes all of it and makes it last. @throws Failure naming the file if that fails.
void write_durably(int descriptor, const std::string& content, const std::string& file);

} // namespace client
