import { beforeEach, describe, expect, test } from "@odoo/hoot";
import { queryAllTexts } from "@odoo/hoot-dom";
import { animationFrame } from "@odoo/hoot-mock";
import { createCarousel, createScorecardChart, setCellContent } from "@spreadsheet/../tests/helpers/commands";
import { defineSpreadsheetActions, defineSpreadsheetModels } from "@spreadsheet/../tests/helpers/data";
import { createSpreadsheetWithPivot } from "@spreadsheet/../tests/helpers/pivot";
import { createModelWithDataSource } from "@spreadsheet/../tests/helpers/model";
import { mountSpreadsheet } from "@spreadsheet/../tests/helpers/ui";
import { contains, mockService, onRpc, patchWithCleanup } from "@web/../tests/web_test_helpers";

describe.current.tags("desktop");
defineSpreadsheetModels();
defineSpreadsheetActions();

let opened;

beforeEach(() => {
    opened = [];
    onRpc("ir.model", "display_name_for", () => [{ model: "partner", display_name: "Partner" }]);
});

const VALUE = '=PIVOT.VALUE(1,"probability:avg","bar",TRUE)';

/** Show the model as a dashboard with a scorecard of one of its cells. */
async function showScorecard(model, keyValue) {
    createScorecardChart(model, "scorecard");
    const definition = { ...model.getters.getChartDefinition("scorecard"), keyValue };
    model.dispatch("UPDATE_CHART", {
        chartId: "scorecard",
        sheetId: model.getters.getActiveSheetId(),
        figureId: model.getters.getFigureIdFromChartId("scorecard"),
        definition,
    });
    await mountSpreadsheet(model);
    model.updateMode("dashboard");
    await animationFrame();
}

test("a scorecard opens the records of the pivot's number behind it", async () => {
    mockService("action", { doAction: async (action) => opened.push(action) });
    const { model } = await createSpreadsheetWithPivot();
    setCellContent(model, "K1", `${VALUE}+0`);
    await showScorecard(model, "K1");
    await contains(".o-figure canvas").click();
    expect(opened).toHaveLength(1);
    expect(opened[0].res_model).toBe("partner");
    expect(opened[0].domain).toEqual([["bar", "=", true]]);
});

test("a scorecard of a share opens the records that it is a share of", async () => {
    mockService("action", { doAction: async (action) => opened.push(action) });
    const { model } = await createSpreadsheetWithPivot();
    setCellContent(model, "K1", '=IF(SUM(K3)=0,"",K2 / K3)');
    setCellContent(model, "K2", VALUE);
    setCellContent(model, "K3", VALUE.replace("TRUE", "FALSE"));
    await showScorecard(model, "K1");
    await contains(".o-figure canvas").click();
    expect(opened.map(({ domain }) => domain)).toEqual([[["bar", "=", false]]]);
});

test("a scorecard of a share that may be empty opens the records that it is a share of", async () => {
    mockService("action", { doAction: async (action) => opened.push(action) });
    const { model } = await createSpreadsheetWithPivot();
    setCellContent(model, "K1", '=IF(K3=0,"",(K2-K3)/K3)');
    setCellContent(model, "K2", VALUE);
    setCellContent(model, "K3", VALUE.replace("TRUE", "FALSE"));
    await showScorecard(model, "K1");
    await contains(".o-figure canvas").click();
    expect(opened.map(({ domain }) => domain)).toEqual([[["bar", "=", false]]]);
});

for (const formula of ["=K2+K3", "=SUM(K2:K3)", "=K2+K2/K3", "=K2/(K2+K3)", "=K2-K3"]) {
    test(`a scorecard of ${formula} opens nothing rather than fewer records than it counts`, async () => {
        mockService("action", { doAction: async (action) => opened.push(action) });
        const { model } = await createSpreadsheetWithPivot();
        setCellContent(model, "K1", formula);
        setCellContent(model, "K2", VALUE);
        setCellContent(model, "K3", VALUE.replace("TRUE", "FALSE"));
        await showScorecard(model, "K1");
        await contains(".o-figure canvas").click();
        expect(opened).toEqual([]);
        expect(".o-figure canvas").toHaveAttribute("role", "");
    });
}

test("a scorecard that no pivot stands behind opens nothing", async () => {
    mockService("action", { doAction: async (action) => opened.push(action) });
    const { model } = await createModelWithDataSource();
    setCellContent(model, "K1", "=K2+12");
    setCellContent(model, "K2", "=K1");
    await showScorecard(model, "K1");
    await contains(".o-figure canvas").click();
    expect(opened).toEqual([]);
    expect(".o-figure canvas").toHaveAttribute("role", "");
});

test("the titles of carousels and of their tabs are translated", async () => {
    const { model } = await createModelWithDataSource();
    const words = { Funnel: "Trichter", Value: "Wert" };
    patchWithCleanup(model.getters, { dynamicTranslate: (term) => words[term] || term });
    const items = [{ type: "carouselDataView", title: "Value" }, { type: "carouselDataView" }];
    createCarousel(model, { items, title: { text: "Funnel" } }, "carousel");
    await mountSpreadsheet(model);
    await animationFrame();
    expect(".o-carousel-title").toHaveText("Trichter");
    expect(queryAllTexts(".o-carousel-tab")).toEqual(["Wert", "Data"]);
});
