// The company itself: what it is called, where its days begin, how it looks, and who may look in.

import type { ReactNode } from 'react';
import { Select, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { IconAlertTriangle } from '@tabler/icons-react';
import { client } from '@mobilytics/api';
import type { Company as CompanyData } from '@mobilytics/api';
import { Facts, Form, Lines, Panel, Trouble, useForm, useMay, useSession } from '@mobilytics/ui';
import { companyQuery } from '../../data/queries';
import { currencyChoices, zoneChoices } from './choices';
import { kKinds } from './companies';
import { Above } from './company_above';
import { DemandedFactor } from './company_factor';
import { Looks } from './company_looks';
import { OurStaff } from './company_staff';
import { useSaved } from './use_saved';

const factsOf = (company: CompanyData): [string, ReactNode][] => [
    ['Kind', kKinds[company.kind]],
    [
        'Privacy',
        company.privacy_mode === 'strict'
            ? 'Strict: each sensor has its own pseudonyms, reach across sensors is not measured.'
            : 'Standard: pseudonyms hold within the company for one day, then their key is destroyed.',
    ],
    [
        'Data',
        company.synthetic
            ? 'Synthetic: simulated for demonstration, nobody was measured.'
            : 'Measured.',
    ],
    ['Id', <span className="code">{company.id}</span>],
];

/** Of a company below, by its contract: there is nothing to change. */
function Seen({ company }: { company: CompanyData }) {
    return (
        <Panel title="Basics">
            <Facts
                facts={[
                    ['Name', company.name],
                    ['Time zone', company.time_zone],
                    ['Currency', company.currency],
                    ...factsOf(company),
                ]}
            />
        </Panel>
    );
}

function Basics({ company }: { company: CompanyData }) {
    const saved = useSaved();
    const mayChange = useMay('change_company');
    const form = useForm({
        initial: {
            name: company.name,
            time_zone: company.time_zone,
            currency: company.currency,
        },
        check: ({ name }) => ({ ...(name.trim() ? {} : { name: 'It needs a name.' }) }),
        send: body => client.call('change_company', { body }),
        done: saved,
        places: { bad_name: 'name', bad_time_zone: 'time_zone', bad_currency: 'currency' },
    });
    const { name, time_zone, currency } = form.values;
    const same =
        name === company.name && time_zone === company.time_zone && currency === company.currency;
    return (
        <Panel title="Basics">
            <Form form={form} submit="Save" disabled={!mayChange || same}>
                <TextInput
                    {...form.text('name')}
                    label="Name"
                    maxLength={200}
                    readOnly={!mayChange}
                />
                <div className="two">
                    <Select
                        {...form.choice('time_zone')}
                        label="Time zone"
                        description="Days of every figure are cut in it."
                        searchable
                        allowDeselect={false}
                        limit={100}
                        data={zoneChoices()}
                        disabled={!mayChange}
                    />
                    <Select
                        {...form.choice('currency')}
                        label="Currency"
                        description="Of prices and invoices."
                        searchable
                        allowDeselect={false}
                        limit={100}
                        data={currencyChoices()}
                        disabled={!mayChange}
                    />
                </div>
                {time_zone !== company.time_zone && (
                    <p className="form-warning" role="status">
                        <IconAlertTriangle size={15} stroke={1.8} aria-hidden />
                        What was counted a day stays cut in {company.time_zone}; from now on days
                        begin in {time_zone}.
                    </p>
                )}
            </Form>
            <div style={{ marginTop: 18 }}>
                <Facts facts={factsOf(company)} />
            </div>
        </Panel>
    );
}

export function Company() {
    const { company, sight } = useSession();
    const maySeePeople = useMay('list_people');
    const maySeeContract = useMay('find_contract');
    const found = useQuery(companyQuery);
    if (found.error && !found.data) {
        return (
            <div className="page narrow">
                <Trouble
                    error={found.error}
                    what="The company"
                    retry={() => void found.refetch()}
                />
            </div>
        );
    }
    if (!found.data) {
        return (
            <div className="page narrow">
                <Lines count={8} />
            </div>
        );
    }
    if (sight) {
        return (
            <div className="page narrow">
                <Seen company={found.data} />
            </div>
        );
    }
    return (
        <div className="page narrow" key={company.id}>
            <Basics company={found.data} />
            <Looks company={found.data} />
            {maySeePeople && <DemandedFactor company={found.data} />}
            <OurStaff company={found.data} />
            {maySeeContract && <Above />}
        </div>
    );
}
