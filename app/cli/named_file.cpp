// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/named_file.h"

#include "store/folder_tree.h"

#include <cstdio>

#if defined(_WIN32)
#include <io.h>
#else
#include <unistd.h>
#endif

namespace tiphys::cli {

namespace {

#if defined(_WIN32)
constexpr std::string_view kEnd = "Ctrl+Z and Enter end it";

bool isTypedInput()
{
    return _isatty(_fileno(stdin)) != 0;
}
#else
constexpr std::string_view kEnd = "Ctrl+D ends it";

bool isTypedInput()
{
    return isatty(STDIN_FILENO) != 0;
}
#endif

} // namespace

Expected<std::string> namedFile(const std::string &file, std::string_view what, std::string_view flag)
{
    if (file == "-" && isTypedInput())
        std::fputs(("waiting for " + std::string(what) + " on standard input (" + std::string(kEnd) + "); "
                    + std::string(flag) + " FILE reads a file\n")
                       .c_str(),
                   stderr);
    return store::fileContent(file);
}

} // namespace tiphys::cli
