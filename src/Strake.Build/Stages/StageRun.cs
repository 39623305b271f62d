using System.Globalization;
using System.Text;
using Strake.Images;

namespace Strake.Build;

/// <summary>Builds one stage, instruction by instruction.</summary>
/// <param name="run">The build.</param>
/// <param name="index">The stage, from 0.</param>
/// <param name="number">The number of its FROM among all instructions, from 1.</param>
sealed class StageRun(BuildRun run, int index, int number)
{
    const string Comment = "strake.dockerfile.v1";

    readonly Stage stage = run.Dockerfile.Stages[index];
    readonly StageScope scope = new(run);
    readonly StepNames names = StepNames.Of(run, index);
    StageImage image = StageImage.Scratch(run.Plan.Platform);

    /// <summary>Builds it.</summary>
    public async Task<StageImage> RunAsync()
    {
        await BeginAsync();
        var at = number;
        foreach (var instruction in stage.Instructions) await CarryOutAsync(instruction, instruction.Text, ++at);
        return image;
    }

    async Task BeginAsync()
    {
        var name = run.Plan.Expand(stage.BaseName);
        var isImage = StepNames.BeginsWithImage(run, index);
        var step = new BuildStep
        {
            Name = isImage ? names.Next($"FROM {Whole(name)}") : $"FROM {name}",
            Instruction = stage.From.Text,
            Number = number,
            Stage = index,
            IsConfig = !isImage,
        };
        await FollowAsync(step, async () =>
        {
            if (name.Length == 0) throw StrakeException.Invalid($"base name ({stage.BaseName}) should not be blank");
            if (run.Plan.BaseOf(index) is { } below) image = (await run.StageAsync(below)).AsBase(Rfc3339.Format(run.Now));
            else if (!name.Equals("scratch", StringComparison.Ordinal)) image = (await run.ImageAsync(name, PlatformOf(stage.Platform))).AsBase(Rfc3339.Format(run.Now));
            scope.Follow(image.Defaults.Env);
            await TriggerAsync();
            return true;
        });
    }

    // What the base asks to be done in builds on it; only once.
    async Task TriggerAsync()
    {
        var triggers = image.Defaults.OnBuild ?? [];
        if (triggers.Count == 0 || run.Plan.BaseOf(index) is not null) return;
        image = image with { Defaults = image.Defaults with { OnBuild = null } };
        foreach (var trigger in triggers) await CarryOutAsync(DockerfileParser.ParseTrigger(trigger), "ONBUILD " + trigger, number, isTrigger: true);
    }

    async Task CarryOutAsync(Instruction instruction, string text, int place, bool isTrigger = false)
    {
        run.Stop.ThrowIfCancellationRequested();
        var makesFiles = instruction is RunInstruction or FileInstruction or WorkdirInstruction;
        var step = new BuildStep { Name = makesFiles ? names.Next(text) : text, Instruction = text, Number = place, Stage = index, IsConfig = !makesFiles, IsTrigger = isTrigger };
        try
        {
            await FollowAsync(step, () => ApplyAsync(step, instruction));
        }
        catch (StrakeException e)
        {
            new DockerfileFault(instruction.Lines).AttachTo(e);
            throw;
        }

        scope.Follow(image.Defaults.Env);
    }

    // Tells of a step from its beginning to its end.
    async Task FollowAsync(BuildStep step, Func<Task<bool>> work)
    {
        run.Progress.Begin(step);
        try
        {
            var isCached = await work();
            run.Progress.End(step, new BuildStepEnd { IsCached = isCached, State = StateOf(image) });
        }
        catch (Exception e)
        {
            run.Progress.End(step, new BuildStepEnd { Error = e.Message });
            throw;
        }
    }

    async Task<bool> ApplyAsync(BuildStep step, Instruction instruction)
    {
        switch (instruction)
        {
            case RunInstruction command:
                return await new RunStep(run, scope, image, step).ApplyAsync(command, AfterFiles);
            case FileInstruction copy:
                return await new CopyStep(run, scope, image, step).ApplyAsync(copy, AfterFiles);
            case WorkdirInstruction workdir:
                return await new WorkdirStep(run, scope, image, step).ApplyAsync(workdir, AfterFiles);
            default:
                var changed = ConfigStep.Apply(instruction, image, scope);
                image = changed.Image;
                if (changed.CreatedBy is not null) Record(changed.CreatedBy, isEmpty: true, key: null, image.Created ?? Rfc3339.Format(run.Now));
                return true;
        }
    }

    void AfterFiles(StageImage after, StepResult result, string createdBy, Digest key)
    {
        image = after.After(result);
        Record(createdBy, result.Layer is null, key, Rfc3339.Format(run.Epoch ?? result.Created));
    }

    // A step that only changes the config has the time of the one before it: what is built again of nothing new is the same image.
    void Record(string createdBy, bool isEmpty, Digest? key, string created) => image = image.Recorded(
        new HistoryEntry { Created = run.Epoch is { } epoch ? Rfc3339.Format(epoch) : created, CreatedBy = createdBy, Author = image.Author, Comment = Comment, EmptyLayer = isEmpty },
        key);

    Platform? PlatformOf(string? word) => word is not null && run.Plan.Expand(word) is { Length: > 0 } text ? Platform.Parse(text) : null;

    static string Whole(string name) => ImageReference.TryParse(name, out var reference) ? reference.OrLatest().ToString() : name;

    static string StateOf(StageImage image)
    {
        var text = string.Create(CultureInfo.InvariantCulture, $"{image.Chain} {image.History.Count} {image.History.LastOrDefault()?.CreatedBy}");
        return Digest.Of(Encoding.UTF8.GetBytes(text)).Hex;
    }
}
