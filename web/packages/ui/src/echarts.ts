// Only the parts of ECharts that are drawn with.

import { init, use } from 'echarts/core';
import { BarChart, LineChart, ScatterChart } from 'echarts/charts';
import {
    AxisPointerComponent,
    GridComponent,
    MarkAreaComponent,
    MarkLineComponent,
    TooltipComponent,
} from 'echarts/components';
import { CanvasRenderer } from 'echarts/renderers';

use([
    BarChart,
    LineChart,
    ScatterChart,
    GridComponent,
    TooltipComponent,
    AxisPointerComponent,
    MarkAreaComponent,
    MarkLineComponent,
    CanvasRenderer,
]);

export { init };
