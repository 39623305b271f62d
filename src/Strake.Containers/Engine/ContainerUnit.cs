using Strake.Containers.Streams;

namespace Strake.Containers.Engine;

/// <summary>One container in memory: its record, its run, and who waits for it.</summary>
sealed class ContainerUnit
{
    readonly SemaphoreSlim operations = new(1, 1);
    readonly SemaphoreSlim writes = new(1, 1);
    readonly Lock gate = new();
    readonly List<ContainerWaiter> waiters = [];
    volatile ContainerRecord record;

    /// <summary>Variables that its process gets and no record has: secrets of a build's step.</summary>
    public IReadOnlyList<string> SecretVariables { get; init; } = [];

    /// <summary>A container that was read or is being made.</summary>
    public ContainerUnit(ContainerRecord record) => this.record = record;

    /// <summary>Its id.</summary>
    public string Id => record.Container.Id;

    /// <summary>The holder under which it uses volumes and owns its layer.</summary>
    public string Holder => HolderOf(Id);

    /// <summary>The record as it was last written.</summary>
    public ContainerRecord Record => record;

    /// <summary>What users see.</summary>
    public Container Container => record.Container;

    /// <summary>The streams of its run; of the next one while it does not run.</summary>
    public ConsoleHub Console { get; private set; } = new();

    /// <summary>Its run; null while it does not run.</summary>
    public ContainerRun? Run { get; set; }

    /// <summary>The end of its last run with all that follows it; completed when there is none.</summary>
    public Task LastRun { get; set; } = Task.CompletedTask;

    /// <summary>The restart that is due; null: none.</summary>
    public DueRestart? Due { get; set; }

    /// <summary>How long the last restart was held back; zero: it was not.</summary>
    public TimeSpan LastDelay { get; set; }

    /// <summary>The holder name of a container.</summary>
    public static string HolderOf(string id) => $"container/{id}";

    /// <summary>The holder of the container that owns a layer: its own layer, or one that shows it an image.</summary>
    /// <param name="owner">An owner, such as <c>container/4f2a…</c> or <c>container/4f2a…/image-0</c>.</param>
    public static string HolderOfOwner(string owner)
    {
        int slash = owner.IndexOf('/', HolderOf("").Length);
        return slash < 0 ? owner : owner[..slash];
    }

    /// <summary>Waits for the turn of an operation; disposing ends it.</summary>
    public async Task<IDisposable> EnterAsync(CancellationToken cancellationToken)
    {
        await operations.WaitAsync(cancellationToken);
        return new Turn(operations);
    }

    /// <summary>Changes the record, writes it, and then shows it. Changes of one container are written in order.</summary>
    /// <param name="records">The records.</param>
    /// <param name="change">From the record as it stands to what it shall be.</param>
    /// <param name="durability">What the write has survived on return.</param>
    public async Task<ContainerRecord> ChangeAsync(ContainerRecords records, Func<ContainerRecord, ContainerRecord> change, Durability durability)
    {
        await writes.WaitAsync(CancellationToken.None);
        try
        {
            ContainerRecord changed = change(record);
            if (ReferenceEquals(changed, record))
                return changed;
            await records.WriteAsync(Id, changed, durability);
            record = changed;
            return changed;
        }
        finally
        {
            writes.Release();
        }
    }

    /// <summary>Changes what users see; as <see cref="ChangeAsync"/>.</summary>
    public Task<ContainerRecord> ChangeStateAsync(ContainerRecords records, Func<ContainerState, ContainerState> change, Durability durability) =>
        ChangeAsync(records, old => old with { Container = old.Container with { State = change(old.Container.State) } }, durability);

    /// <summary>Takes the streams of the run that has ended away, and prepares those of the next.</summary>
    public ConsoleHub ReplaceConsole()
    {
        lock (gate)
        {
            ConsoleHub ended = Console;
            Console = new ConsoleHub();
            return ended;
        }
    }

    /// <summary>Adds a client to the run that is, or will be.</summary>
    public ConsoleHub AddSession(ConsoleSession session)
    {
        lock (gate)
        {
            // A hub is replaced under this lock before it is over, so it takes the session.
            Console.TryAdd(session);
            return Console;
        }
    }

    /// <summary>Adds somebody who waits.</summary>
    public void Add(ContainerWaiter waiter)
    {
        lock (gate)
            waiters.Add(waiter);
    }

    /// <summary>Takes off somebody who waits.</summary>
    public void Remove(ContainerWaiter waiter)
    {
        lock (gate)
            waiters.Remove(waiter);
    }

    /// <summary>Takes off all who wait for something.</summary>
    public IReadOnlyList<ContainerWaiter> TakeWaiters(Predicate<ContainerWaiter> which)
    {
        lock (gate)
        {
            List<ContainerWaiter> taken = waiters.FindAll(which);
            waiters.RemoveAll(which);
            return taken;
        }
    }

    sealed class Turn(SemaphoreSlim semaphore) : IDisposable
    {
        public void Dispose() => semaphore.Release();
    }
}
