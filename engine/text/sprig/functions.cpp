// SPDX-License-Identifier: GPL-3.0-or-later
#include "text/sprig/functions.h"

#include "text/sprig/groups.h"

namespace tiphys::text {

FunctionTable sprigFunctions(const SprigWorldPtr &world)
{
    FunctionTable table;
    sprig::addTextFunctions(table);
    sprig::addTextListFunctions(table);
    sprig::addRegexFunctions(table);
    sprig::addNumberFunctions(table);
    sprig::addDecimalFunctions(table);
    sprig::addSequenceFunctions(table);
    sprig::addDefaultFunctions(table);
    sprig::addReflectionFunctions(table);
    sprig::addDictionaryFunctions(table);
    sprig::addMergeFunctions(table);
    sprig::addListFunctions(table);
    sprig::addEncodingFunctions(table);
    sprig::addPathFunctions(table);
    sprig::addUrlFunctions(table);
    sprig::addVersionFunctions(table);
    sprig::addDigestFunctions(table);
    sprig::addDateFunctions(table, world);
    sprig::addRandomFunctions(table, world);
    sprig::addPasswordFunctions(table, world);
    sprig::addCertificateFunctions(table, world);
    return table;
}

} // namespace tiphys::text
