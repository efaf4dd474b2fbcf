// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/parameter_form.h"

#include "models/parameter_table.h"
#include "models/parameter_text.h"
#include "models/text.h"
#include "ui/theme/metrics.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/parameter_editors.h"

#include <QBoxLayout>
#include <QCheckBox>
#include <QFormLayout>
#include <QLabel>
#include <QLineEdit>
#include <QSignalBlocker>
#include <QToolButton>

using namespace Qt::StringLiterals;

namespace tiphys::ui {

using service::ParameterField;
using service::ParameterKind;

ParameterForm::ParameterForm(QWidget *parent) : QWidget(parent)
{
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
}

void ParameterForm::show(models::SourceDraft *draft, bool isEditable)
{
    m_draft = draft;
    std::vector<std::string> shape;
    for (const ParameterField &field : draft->form().fields)
        shape.push_back(field.name);
    if (shape != m_shape || !m_content) {
        m_shape = std::move(shape);
        build();
    }
    m_isShowing = true;
    for (const Editor &editor : m_editors) {
        editor.set(m_draft->field(editor.name));
        editor.setEditable(isEditable);
    }
    m_isShowing = false;
    showChanged();
}

void ParameterForm::setDefaults(const QHash<QString, QString> &defaults)
{
    if (m_helmParameters)
        m_helmParameters->setDefaults(defaults);
}

QWidget *ParameterForm::editor(const QString &name) const
{
    for (const Editor &editor : m_editors) {
        if (models::text(editor.name) == name)
            return editor.widget;
    }
    return nullptr;
}

void ParameterForm::build()
{
    delete m_content;
    m_editors.clear();
    m_helmParameters = nullptr;
    const int u = unit(this);
    m_content = new QWidget(this);
    auto *column = new QVBoxLayout(m_content);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(3 * u);
    const auto newRows = [u](QWidget *parent) {
        auto *rows = new QFormLayout(parent);
        rows->setContentsMargins(0, 0, 0, 0);
        rows->setHorizontalSpacing(5 * u);
        rows->setVerticalSpacing(3 * u);
        rows->setFieldGrowthPolicy(QFormLayout::AllNonFixedFieldsGrow);
        rows->setRowWrapPolicy(QFormLayout::WrapLongRows);
        rows->setLabelAlignment(Qt::AlignLeft | Qt::AlignTop);
        return rows;
    };
    auto *main = new QWidget(m_content);
    QFormLayout *mainRows = newRows(main);
    auto *others = new QWidget(m_content);
    QFormLayout *otherRows = newRows(others);
    auto *fold = new QToolButton(m_content);
    fold->setText(tr("More parameters"));
    fold->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    fold->setArrowType(Qt::RightArrow);
    fold->setCheckable(true);
    fold->setAutoRaise(true);
    fold->setFocusPolicy(Qt::StrongFocus);
    column->addWidget(main);
    column->addWidget(fold, 0, Qt::AlignLeft);
    column->addWidget(others);
    column->addStretch(1);
    bool hasOthers = false;
    bool isOtherSet = false;
    for (const ParameterField &field : m_draft->form().fields) {
        const bool isMain = models::isMainParameter(field.name);
        addEditor(isMain ? mainRows : otherRows, field);
        hasOthers = hasOthers || !isMain;
        isOtherSet = isOtherSet || (!isMain && (!field.rows.empty() || (!field.text.empty() && field.text != "false")));
    }
    connect(fold, &QToolButton::toggled, others, [fold, others](bool isOpen) {
        fold->setArrowType(isOpen ? Qt::DownArrow : Qt::RightArrow);
        others->setVisible(isOpen);
    });
    others->setVisible(false);
    fold->setVisible(hasOthers);
    fold->setChecked(isOtherSet);
    layout()->addWidget(m_content);
}

void ParameterForm::addEditor(QFormLayout *rows, const ParameterField &field)
{
    const int u = unit(this);
    Editor editor;
    switch (field.kind) {
    case ParameterKind::Text: editor = textEditor(field); break;
    case ParameterKind::Switch: editor = switchEditor(field); break;
    case ParameterKind::Lines: editor = linesEditor(field); break;
    case ParameterKind::Table: editor = tableEditor(field); break;
    case ParameterKind::Yaml: editor = yamlEditor(field); break;
    }
    const QString title = models::parameterTitle(field.name);
    const QString explanation = models::parameterExplanation(field.name);
    editor.name = field.name;
    editor.widget->setAccessibleName(title);
    editor.widget->setAccessibleDescription(explanation);
    editor.widget->setToolTip(explanation + (explanation.isEmpty() ? QString() : u"\n"_s) + models::text(field.name));
    editor.label = new QLabel(title, this);
    editor.label->setTextFormat(Qt::PlainText);
    editor.label->setMinimumWidth(44 * u);
    editor.label->setToolTip(editor.widget->toolTip());
    editor.label->setBuddy(editor.widget);
    rows->addRow(editor.label, editor.widget);
    m_editors.push_back(std::move(editor));
}

ParameterForm::Editor ParameterForm::textEditor(const ParameterField &field)
{
    auto *line = new QLineEdit(m_content);
    line->setMaximumWidth(100 * unit(this));
    line->setPlaceholderText(models::parameterExplanation(field.name));
    connect(line, &QLineEdit::textEdited, this, [this, name = field.name](const QString &text) {
        ParameterField changed;
        changed.name = name;
        changed.text = models::utf8(text.trimmed());
        take(std::move(changed));
    });
    return {{},
            nullptr,
            line,
            [line](const ParameterField &shown) {
                if (models::utf8(line->text().trimmed()) != shown.text)
                    line->setText(models::text(shown.text));
            },
            [line](bool isEditable) { line->setReadOnly(!isEditable); }};
}

ParameterForm::Editor ParameterForm::switchEditor(const ParameterField &field)
{
    auto *box = new QCheckBox(models::parameterExplanation(field.name), m_content);
    connect(box, &QCheckBox::clicked, this, [this, name = field.name](bool isOn) {
        ParameterField changed;
        changed.name = name;
        changed.text = isOn ? "true" : "false";
        take(std::move(changed));
    });
    return {{},
            nullptr,
            box,
            [box](const ParameterField &shown) { box->setChecked(shown.text == "true"); },
            [box](bool isEditable) { box->setEnabled(isEditable); }};
}

ParameterForm::Editor ParameterForm::linesEditor(const ParameterField &field)
{
    auto *text = new LinesEditor(m_content);
    text->setPlaceholderText(models::parameterExplanation(field.name));
    connect(text, &LinesEditor::edited, this, [this, text, name = field.name] {
        ParameterField changed;
        changed.name = name;
        changed.rows = text->rows();
        take(std::move(changed));
    });
    return {{},
            nullptr,
            text,
            [text](const ParameterField &shown) { text->setRows(shown.rows); },
            [text](bool isEditable) { text->setReadOnly(!isEditable); }};
}

ParameterForm::Editor ParameterForm::yamlEditor(const ParameterField &field)
{
    auto *text = new YamlEditor(m_content);
    text->setPlaceholderText(models::parameterExplanation(field.name));
    connect(text, &QPlainTextEdit::textChanged, this, [this, text, name = field.name] {
        ParameterField changed;
        changed.name = name;
        changed.text = models::utf8(text->toPlainText());
        take(std::move(changed));
    });
    return {{},
            nullptr,
            text,
            [text](const ParameterField &shown) {
                if (models::utf8(text->toPlainText()) != shown.text)
                    text->setPlainText(models::text(shown.text));
            },
            [text](bool isEditable) { text->setReadOnly(!isEditable); }};
}

ParameterForm::Editor ParameterForm::tableEditor(const ParameterField &field)
{
    auto *model = new models::ParameterTable(field, m_content);
    auto *table = new ParameterTableView(model, m_content);
    if (field.name == "helm.parameters")
        m_helmParameters = model;
    connect(model, &models::ParameterTable::edited, this, [this, model] { take(model->field()); });
    return {{},
            nullptr,
            table,
            [model](const ParameterField &shown) {
                if (model->field().rows != shown.rows)
                    model->setRows(shown.rows);
            },
            [model](bool isEditable) { model->setEditable(isEditable); }};
}

void ParameterForm::take(ParameterField field)
{
    if (m_isShowing || !m_draft)
        return;
    m_draft->set(field);
    showChanged();
    Q_EMIT edited();
}

void ParameterForm::showChanged()
{
    for (const Editor &editor : m_editors) {
        const bool isChanged = m_draft && m_draft->isChanged(editor.name);
        const QString title = models::parameterTitle(editor.name);
        editor.label->setText(isChanged ? tr("%1 •", "a parameter that is changed and not saved").arg(title) : title);
        editor.label->setFont(isChanged ? semiBold(font()) : font());
        editor.widget->setAccessibleName(isChanged ? tr("%1, changed").arg(title) : title);
    }
}

} // namespace tiphys::ui
