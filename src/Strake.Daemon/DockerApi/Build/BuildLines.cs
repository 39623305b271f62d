using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using System.Threading.Channels;
using Strake.Build;
using Strake.Daemon.Server;

namespace Strake.Daemon.DockerApi;

/// <summary>
/// Sends how a build goes in the lines of Docker's classic builder. Steps run at once and are shown one after the other, by their numbers; one that is
/// ahead of what is shown waits when it has printed a lot.
/// </summary>
sealed class BuildLines : IBuildProgress, IAsyncDisposable
{
    // Chunks of a step that wait to be shown; the step waits beyond that.
    const int Ahead = 64;

    readonly ProgressStream output;
    readonly bool isQuiet;
    readonly ConcurrentDictionary<int, Lines> steps = [];
    readonly TaskCompletionSource<int> planned = new(TaskCreationOptions.RunContinuationsAsynchronously);
    readonly Task writing;
    volatile bool isOver;

    /// <summary>Begins to send.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="isQuiet">Whether nothing is shown but the end.</param>
    public BuildLines(ProgressStream output, bool isQuiet)
    {
        this.output = output;
        this.isQuiet = isQuiet;
        writing = ShowAsync();
    }

    /// <inheritdoc/>
    public void Plan(int instructions) => planned.TrySetResult(instructions);

    /// <inheritdoc/>
    public void Begin(BuildStep step)
    {
        if (step.Number == 0) return;
        string text = step.IsTrigger
            ? $" ---> Running trigger: {step.Instruction}\n"
            : string.Create(CultureInfo.InvariantCulture, $"Step {step.Number}/{planned.Task.Result} : {step.Instruction}\n");
        Of(step.Number).Say(text);
    }

    /// <inheritdoc/>
    public ValueTask WriteAsync(BuildStep step, bool isError, ReadOnlyMemory<byte> text, CancellationToken cancellationToken)
    {
        string said = Encoding.UTF8.GetString(text.Span);
        return Of(step.Number).SayAsync(isError ? $"\u001b[91m{said}\u001b[0m" : said, cancellationToken);
    }

    /// <inheritdoc/>
    public void End(BuildStep step, BuildStepEnd end)
    {
        if (step.Number == 0) return;
        Lines lines = Of(step.Number);
        if (end.Error is null)
        {
            if (end.IsCached && !step.IsConfig && !step.IsTrigger && step.Instruction?.StartsWith("FROM", StringComparison.OrdinalIgnoreCase) != true) lines.Say(" ---> Using cache\n");
            lines.Say($" ---> {end.State[..12]}\n");
        }

        if (!step.IsTrigger) lines.Complete();
    }

    /// <inheritdoc/>
    public void Warn(string message) => Of(0).Say($"[Warning] {message}\n");

    /// <summary>Sends what is left.</summary>
    public async ValueTask DisposeAsync()
    {
        isOver = true;
        planned.TrySetResult(0);
        foreach (Lines lines in steps.Values) lines.Complete();
        await writing;
    }

    Lines Of(int number) => steps.GetOrAdd(number, static _ => new Lines());

    async Task ShowAsync()
    {
        int last = await planned.Task;
        Of(0).Complete();
        for (int number = 0; number <= last; number++)
        {
            // What never began has nothing to say.
            Lines lines = Of(number);
            if (isOver) lines.Complete();
            await foreach (string text in lines.ReadAsync())
            {
                if (!isQuiet) await output.WriteAsync(new ProgressLine { Stream = text });
            }
        }
    }

    sealed class Lines
    {
        readonly Channel<string> chunks = Channel.CreateUnbounded<string>(new UnboundedChannelOptions { SingleReader = true });
        readonly SemaphoreSlim room = new(Ahead);

        public void Say(string text) => chunks.Writer.TryWrite(text);

        public async ValueTask SayAsync(string text, CancellationToken cancellationToken)
        {
            await room.WaitAsync(cancellationToken);
            if (!chunks.Writer.TryWrite(text)) room.Release();
        }

        public void Complete() => chunks.Writer.TryComplete();

        public async IAsyncEnumerable<string> ReadAsync()
        {
            await foreach (string text in chunks.Reader.ReadAllAsync())
            {
                yield return text;
                // Of what was not waited for there is little.
                if (room.CurrentCount < Ahead) room.Release();
            }
        }
    }
}
