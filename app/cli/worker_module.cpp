// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/module.h"

#include "process/jq_server.h"

TIPHYS_MODULE_EXPORT int tiphysModuleMain(const tiphys::cli::Invocation *)
{
    return tiphys::process::runJqWorker();
}
