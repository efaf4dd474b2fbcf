// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/parameter_table.h"
#include "models/parameter_text.h"
#include "models/source_draft.h"

#include <QAbstractItemModelTester>
#include <QSignalSpy>
#include <QTest>

using namespace tiphys;
using namespace Qt::StringLiterals;
using service::ParameterField;
using service::ParameterKind;
using Rows = std::vector<std::vector<std::string>>;

namespace {

ParameterField tableField(Rows rows)
{
    return {.name = "helm.parameters",
            .kind = ParameterKind::Table,
            .text = {},
            .rows = std::move(rows),
            .columns = {"name", "value", "forceString"}};
}

service::SourceForm formWith(ParameterField field)
{
    service::SourceForm form;
    form.fields = {
        std::move(field),
        {.name = "helm.releaseName", .kind = ParameterKind::Text, .text = "shop", .rows = {}, .columns = {}}};
    return form;
}

} // namespace

class ParameterModelsTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void typingIntoTheLastRowAddsOne()
    {
        models::ParameterTable table(tableField({{"a", "1", "false"}}));
        QAbstractItemModelTester tester(&table, QAbstractItemModelTester::FailureReportingMode::Fatal);
        QSignalSpy edited(&table, &models::ParameterTable::edited);
        QCOMPARE(table.rowCount(), 2);
        QVERIFY(table.index(1, 0).data(models::kPlaceholderRole).toBool());
        QVERIFY(table.setData(table.index(1, 0), u"b"_s));
        QCOMPARE(table.rowCount(), 3);
        QVERIFY(table.setData(table.index(1, 1), u"2"_s));
        QVERIFY(table.setData(table.index(1, 2), Qt::Checked, Qt::CheckStateRole));
        QCOMPARE(edited.count(), 3);
        QVERIFY(table.field().rows == (Rows{{"a", "1", "false"}, {"b", "2", "true"}}));
        table.removeEntries({0, 2});
        QVERIFY(table.field().rows == (Rows{{"b", "2", "true"}}));
        QCOMPARE(edited.count(), 4);
    }

    void defaultsHaveAColumnThatCannotBeEdited()
    {
        models::ParameterTable table(tableField({{"a", "1", "false"}, {"own", "1", "false"}}));
        QAbstractItemModelTester tester(&table, QAbstractItemModelTester::FailureReportingMode::Fatal);
        table.setDefaults({{u"a"_s, u"0"_s}, {u"z"_s, u"9"_s}});
        QCOMPARE(table.columnCount(), 4);
        QCOMPARE(table.index(0, 3).data().toString(), u"0"_s);
        QCOMPARE(table.index(1, 3).data().toString(), QString());
        QVERIFY(!(table.flags(table.index(0, 3)) & Qt::ItemIsEditable));
        QCOMPARE(table.defaultNames(), (QStringList{u"a"_s, u"z"_s}));
        table.setDefaults({});
        QCOMPARE(table.columnCount(), 3);
    }

    void whoMayNotEditHasNoRowToAddTo()
    {
        models::ParameterTable table(tableField({{"a", "1", "false"}}));
        QAbstractItemModelTester tester(&table, QAbstractItemModelTester::FailureReportingMode::Fatal);
        table.setEditable(false);
        QCOMPARE(table.rowCount(), 1);
        table.removeEntries({0});
        QVERIFY(!table.setData(table.index(0, 0), u"x"_s));
        QVERIFY(table.field().rows == (Rows{{"a", "1", "false"}}));
        table.setRows({{"a", "2", "false"}, {"c", "3", "false"}});
        QCOMPARE(table.rowCount(), 2);
    }

    void aChangeThatIsTakenBackIsNone()
    {
        models::SourceDraft draft;
        draft.setForm(formWith(tableField({{"a", "1", "false"}})));
        draft.set(tableField({{"a", "2", "false"}, {"", "", "false"}}));
        QCOMPARE(draft.changeCount(), 1);
        QVERIFY(draft.isChanged("helm.parameters"));
        QVERIFY(draft.changes().front().rows == (Rows{{"a", "2", "false"}}));
        draft.set(tableField({{"a", "1", "false"}}));
        QCOMPARE(draft.changeCount(), 0);
    }

    void rowsOfOthersStay()
    {
        models::SourceDraft draft;
        draft.setForm(formWith(tableField({{"a", "1", "false"}, {"b", "1", "false"}, {"c", "1", "false"}})));
        // Here: a changed, b taken away, mine added. There: c changed, theirs added.
        draft.set(tableField({{"a", "2", "false"}, {"c", "1", "false"}, {"mine", "1", "false"}}));
        draft.setForm(formWith(
            tableField({{"a", "1", "false"}, {"b", "1", "false"}, {"c", "9", "false"}, {"theirs", "1", "false"}})));
        QVERIFY(draft.field("helm.parameters").rows
                == (Rows{{"a", "2", "false"}, {"c", "9", "false"}, {"theirs", "1", "false"}, {"mine", "1", "false"}}));
        QCOMPARE(draft.changeCount(), 1);
    }

    void whatOthersDidAsWellIsNoChangeAnyMore()
    {
        models::SourceDraft draft;
        draft.setForm(formWith(tableField({})));
        draft.set(tableField({{"a", "1", "false"}}));
        draft.setForm(formWith(tableField({{"a", "1", "false"}})));
        QCOMPARE(draft.changeCount(), 0);
    }

    void aNewOrderStaysWhileNobodyElseWrites()
    {
        models::SourceDraft draft;
        const service::SourceForm form = formWith(tableField({{"a", "1", "false"}, {"b", "1", "false"}}));
        draft.setForm(form);
        draft.set(tableField({{"b", "1", "false"}, {"a", "1", "false"}}));
        draft.setForm(form);
        QVERIFY(draft.field("helm.parameters").rows == (Rows{{"b", "1", "false"}, {"a", "1", "false"}}));
    }

    void everyParameterHasItsWords()
    {
        QCOMPARE(models::parameterTitle("helm.releaseName"), u"Release name"_s);
        QCOMPARE(models::parameterTitle("helm.novelty"), u"helm.novelty"_s);
        QVERIFY(models::isMainParameter("kustomize.images"));
        QVERIFY(!models::isMainParameter("helm.novelty"));
    }
};

QTEST_MAIN(ParameterModelsTest)
#include "parameter_models_test.moc"
