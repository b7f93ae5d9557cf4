import { renameSync } from "node:fs";
import { type ColumnSource, fileWriter, ParquetWriter, schemaFromColumnData } from "hyparquet-writer";

/**
 * Writes a Parquet file of one row group a part, so that only one part is in memory. The file is whole, or as it was before.
 *
 * @param file Its path
 * @param parts Columns, the same in each part
 */
export async function writeParquet(file: string, parts: Iterable<ColumnSource[]>): Promise<void> {
  const draft = `${file}.new`;
  let writer: ParquetWriter | undefined;
  for (const columnData of parts) {
    const rows = columnData[0]?.data.length ?? 0;
    if (rows === 0) continue;
    writer ??= new ParquetWriter({ writer: fileWriter(draft), schema: schemaFromColumnData({ columnData }) });
    await writer.write({ columnData, rowGroupSize: rows });
  }
  if (writer === undefined) return;
  await writer.finish();
  renameSync(draft, file);
}
