using System.Globalization;
using Strake.Images;

namespace Strake.Build;

/// <summary>Which stages a build needs, found without building any: those that its target comes from, copies from or mounts.</summary>
sealed class StagePlan
{
    readonly Dockerfile dockerfile;
    readonly BuildRequest request;

    StagePlan(Dockerfile dockerfile, BuildRequest request, int target, IReadOnlyDictionary<string, string> arguments, Platform platform) =>
        (this.dockerfile, this.request, Target, GlobalArguments, Platform) = (dockerfile, request, target, arguments, platform);

    /// <summary>The stage that is wanted.</summary>
    public int Target { get; }

    /// <summary>What ARG before the first FROM, and the platforms, define.</summary>
    public IReadOnlyDictionary<string, string> GlobalArguments { get; }

    /// <summary>The platform that is built for.</summary>
    public Platform Platform { get; }

    /// <summary>The stages that are needed, in their order.</summary>
    public IReadOnlyList<int> Needed { get; private set; } = [];

    /// <summary>Makes the plan.</summary>
    /// <exception cref="StrakeException">Invalid: no such target, or a name that means nothing.</exception>
    public static StagePlan Of(Dockerfile dockerfile, BuildRequest request)
    {
        if (dockerfile.Stages.Count == 0) throw StrakeException.Invalid("dockerfile contains no stages to build");
        var platform = PlatformOf(request.Platform);
        var target = TargetOf(dockerfile, request.Target);
        var plan = new StagePlan(dockerfile, request, target, Globals(dockerfile, request, platform), platform);
        var needed = new SortedSet<int>();
        plan.Need(target, needed);
        plan.Needed = [.. needed];
        return plan;
    }

    /// <summary>The stage of a name or number; null: none, so that it means an image, or a context of that name.</summary>
    /// <param name="name">The name.</param>
    /// <param name="before">Only stages before this one count.</param>
    public int? Find(string name, int before = int.MaxValue)
    {
        if (request.FindContext(name) is not null) return null;
        var last = Math.Min(before, dockerfile.Stages.Count);
        for (var stage = last - 1; stage >= 0; stage--)
        {
            if (string.Equals(dockerfile.Stages[stage].Name, name, StringComparison.OrdinalIgnoreCase)) return stage;
        }

        return int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number < last ? number : null;
    }

    /// <summary>A word of FROM with its variables.</summary>
    public string Expand(string word) => new WordExpander(dockerfile.Directives.Escape).Expand(word, name => GlobalArguments.GetValueOrDefault(name)).Text;

    /// <summary>The stage that another one begins with; null: an image, or nothing.</summary>
    public int? BaseOf(int stage) => StageNamed(Expand(dockerfile.Stages[stage].BaseName), stage);

    // A number is no name of a base: FROM 0 is an image.
    int? StageNamed(string name, int before) => int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out _) ? null : Find(name, before);

    void Need(int stage, SortedSet<int> needed)
    {
        if (!needed.Add(stage)) return;
        if (BaseOf(stage) is { } below) Need(below, needed);
        foreach (var source in dockerfile.Stages[stage].Instructions.SelectMany(SourcesOf))
        {
            if (Find(source, stage) is { } used) Need(used, needed);
            else if (Find(source) is not null) throw StrakeException.Invalid($"circular dependency detected on stage: {source}");
        }
    }

    static IEnumerable<string> SourcesOf(Instruction instruction)
    {
        switch (instruction)
        {
            case CopyInstruction { From: { } from }:
                yield return from;
                break;
            case RunInstruction run:
                foreach (var from in run.Mounts.Select(static mount => FieldOf(mount, "from")).OfType<string>()) yield return from;
                break;
        }
    }

    /// <summary>Whether a mount of RUN shows files of the main context.</summary>
    public static bool TakesContext(string mount) => FieldOf(mount, "from") is null && FieldOf(mount, "type") is null or "bind";

    /// <summary>A field of a mount of RUN, before variables are put in; null: it has none of these names.</summary>
    public static string? FieldOf(string mount, params ReadOnlySpan<string> names)
    {
        foreach (var field in mount.Split(','))
        {
            if (field.Split('=', 2) is [var key, var value] && names.Contains(key, StringComparer.OrdinalIgnoreCase)) return value;
        }

        return null;
    }

    static int TargetOf(Dockerfile dockerfile, string? target)
    {
        if (string.IsNullOrEmpty(target)) return dockerfile.Stages.Count - 1;
        for (var stage = dockerfile.Stages.Count - 1; stage >= 0; stage--)
        {
            if (string.Equals(dockerfile.Stages[stage].Name, target, StringComparison.OrdinalIgnoreCase)) return stage;
        }

        throw StrakeException.Invalid($"target stage \"{target}\" could not be found");
    }

    static Platform PlatformOf(string? text)
    {
        if (string.IsNullOrEmpty(text)) return Platform.Host;
        var platform = Platform.Parse(text);
        return Platform.Host.Runs(platform)
            ? platform
            : throw StrakeException.NotSupported($"this host builds for {Platform.Host}, not for {text}: build there, or leave --platform out");
    }

    static Dictionary<string, string> Globals(Dockerfile dockerfile, BuildRequest request, Platform platform)
    {
        var globals = Predefined.Platforms(Platform.Host, platform, request.Target ?? "default");
        var expander = new WordExpander(dockerfile.Directives.Escape);
        foreach (var declaration in dockerfile.GlobalArgs.SelectMany(static arg => arg.Declarations))
        {
            var name = expander.Expand(declaration.Name, key => globals.GetValueOrDefault(key)).Text;
            if (request.Arguments.TryGetValue(name, out var given) && given is not null) globals[name] = given;
            else if (declaration.Default is { } word) globals[name] = expander.Expand(word, key => globals.GetValueOrDefault(key)).Text;
        }

        return globals;
    }
}
