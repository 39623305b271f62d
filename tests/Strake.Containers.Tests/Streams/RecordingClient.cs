using System.Text;

namespace Strake.Containers.Tests.Streams;

/// <summary>A client that keeps what it is sent, and sends what it is told to.</summary>
sealed class RecordingClient(Stream? input = null) : IStreamClient
{
    readonly Lock gate = new();
    readonly StringBuilder text = new();

    public Stream? Input { get; } = input;

    public string Text
    {
        get
        {
            lock (gate)
                return text.ToString();
        }
    }

    /// <summary>Completed when the text has ended with what was waited for.</summary>
    public Func<string, bool> Until { get; set; } = static _ => false;

    public TaskCompletionSource Reached { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public ValueTask WriteAsync(ContainerStream kind, ReadOnlyMemory<byte> data, CancellationToken cancellationToken)
    {
        lock (gate)
        {
            text.Append(kind is ContainerStream.Stderr ? "!" : "").Append(Encoding.UTF8.GetString(data.Span));
            if (Until(text.ToString()))
                Reached.TrySetResult();
        }

        return ValueTask.CompletedTask;
    }
}
