using System.Globalization;

namespace Strake.Build;

/// <summary>What a stage's steps are called: <c>[app 2/5] RUN make</c>; FROM an image, RUN, COPY, ADD and WORKDIR count.</summary>
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
        var count = (BeginsWithImage(run, index) ? 1 : 0) + stage.Instructions.Count(static i => i is RunInstruction or FileInstruction or WorkdirInstruction);
        var name = stage.Name ?? $"stage-{index.ToString(CultureInfo.InvariantCulture)}";
        return new StepNames(run.Dockerfile.Stages.Count == 1 ? "" : name + " ", count);
    }

    /// <summary>Whether a stage begins with an image, and neither with another stage nor with nothing.</summary>
    public static bool BeginsWithImage(BuildRun run, int index) =>
        run.Plan.BaseOf(index) is null && !run.Plan.Expand(run.Dockerfile.Stages[index].BaseName).Equals("scratch", StringComparison.Ordinal);

    /// <summary>The name of the next one.</summary>
    public string Next(string text) => string.Create(CultureInfo.InvariantCulture, $"[{prefix}{++number}/{total}] {text}");
}
