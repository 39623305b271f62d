using System.Globalization;

namespace Strake.Build;

/// <summary>What a stage's steps are called: <c>[app 2/5] RUN make</c>; FROM, RUN, COPY, ADD and WORKDIR count.</summary>
sealed class StepNames
{
    readonly string prefix;
    readonly int total;
    int number;

    StepNames(string prefix, int total) => (this.prefix, this.total) = (prefix, total);

    /// <summary>The names of a stage's steps.</summary>
    public static StepNames Of(BuildRun run, int index)
    {
        var stage = run.Dockerfile.Stages[index];
        var count = 1 + stage.Instructions.Count(static i => i is RunInstruction or FileInstruction or WorkdirInstruction);
        var name = stage.Name ?? $"stage-{index.ToString(CultureInfo.InvariantCulture)}";
        return new StepNames(run.Dockerfile.Stages.Count == 1 ? "" : name + " ", count);
    }

    /// <summary>The name of the next one.</summary>
    public string Next(string text) => string.Create(CultureInfo.InvariantCulture, $"[{prefix}{++number}/{total}] {text}");
}
