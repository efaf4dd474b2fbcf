// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/error.h"

#include <memory>
#include <string>

class QLockFile;

namespace tiphys::control {

/// One engine for each control plane among the programs of a user on one machine. The Lease cannot tell them apart: they
/// sign it alike, so that the next program can go on at once where a killed one stopped.
class MachineLock
{
public:
    /// For the control plane in namespace \p ns of the API server at \p server.
    MachineLock(const std::string &server, const std::string &ns);
    /// Gives it up.
    ~MachineLock();

    /// Errors: Conflict, naming the process that has it. Where no lock file can be written it succeeds: the Lease
    /// protects against other machines all the same.
    Expected<void> take();

private:
    std::unique_ptr<QLockFile> m_file;
};

} // namespace tiphys::control
