using Strake.Images;

namespace Strake.Build;

/// <summary>The file system after a step.</summary>
/// <param name="Chain">All its layers; null: it is empty.</param>
/// <param name="Layer">The layer that the step added; null: it changed nothing.</param>
/// <param name="SizeBytes">The sizes of the files in that layer.</param>
/// <param name="Created">When it was made.</param>
sealed record StepResult(ChainId? Chain, DiffId? Layer, long SizeBytes, DateTimeOffset Created);
