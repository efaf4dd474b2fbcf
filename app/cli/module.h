// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "cli/invocation.h"

#include <string>

namespace tiphys::cli {

/// Opens the module libtiphys-<name> beside the program and runs the command in it: Git, clusters and the demo are
/// loaded only by the commands that need them, so that the others start at once.
int runModule(const char *program, const char *name, const Invocation &invocation);
/// Path of this program, which was called as \p program.
std::string programFile(const char *program);

} // namespace tiphys::cli

/// What every module gives: runs the command and returns the exit code.
using TiphysModuleMain = int (*)(const tiphys::cli::Invocation *);
#if defined(_WIN32)
#define TIPHYS_MODULE_EXPORT extern "C" __declspec(dllexport)
#else
#define TIPHYS_MODULE_EXPORT extern "C" __attribute__((visibility("default")))
#endif
